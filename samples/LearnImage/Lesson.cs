using System.Diagnostics;
using System.Globalization;
using NetGen;

namespace LearnImageSample;

/// <summary>Trains a network on random places of a plane and shows it at given numbers of samples.</summary>
/// <param name="network">Two inputs, one output.</param>
/// <param name="plane">The places.</param>
/// <param name="target">What is to be learnt: a number for each place.</param>
/// <param name="seed">Where the choice of places comes from.</param>
internal sealed class Lesson(ITrainableNetwork network, Plane plane, float[] target, int seed)
{
    private readonly Random _random = new(seed);
    private readonly float[] _inputs = new float[2 * network.BatchSize];
    private readonly float[] _targets = new float[network.BatchSize];
    private long _samples;

    /// <summary>The samples so far and the mean loss of the last steps, at each stage.</summary>
    public List<(long Samples, double Loss)> Stages { get; } = [];

    /// <summary>Trains up to each stage, then shows the network.</summary>
    public void Run(IEnumerable<long> stages, Action<long> show)
    {
        var watch = Stopwatch.StartNew();
        foreach (var stage in stages)
        {
            var (loss, steps) = (0.0, 0);
            while (_samples < stage)
            {
                loss += Step();
                steps++;
            }

            Stages.Add((_samples, steps == 0 ? double.NaN : loss / steps));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{_samples,11:N0} samples, mean loss since the line before {(steps == 0 ? "–" : loss / steps),8:F5}, {watch.Elapsed.TotalSeconds,5:F1} s"));
            show(_samples);
        }
    }

    /// <summary>One step on as many random places as the network's batch has.</summary>
    private float Step()
    {
        for (var i = 0; i < _targets.Length; i++)
        {
            var place = _random.Next(plane.Count);
            (_inputs[2 * i], _inputs[2 * i + 1]) = plane.Place(place);
            _targets[i] = target[place];
        }

        _samples += _targets.Length;
        return network.TrainBatch(_inputs, _targets);
    }
}
