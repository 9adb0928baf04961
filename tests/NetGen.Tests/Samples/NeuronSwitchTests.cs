using LearnImageSample;
using NetGen.CompilerServices;

namespace NetGen.Tests.Samples;

public class NeuronSwitchTests
{
    [Fact]
    public void Keep_SomeNeurons_ClearsTheOthersOutgoingWeightsOnly()
    {
        var (trained, copy) = (new TwoLayers(start: 1), new TwoLayers(start: 100));
        var kept = new NeuronSwitch(trained, copy).Keep(1, neuron => neuron == 2);
        Assert.Same(copy, kept);
        Assert.Equal([1, 2, 3, 4, 5, 6], kept.Parameters[0].ToArray());
        Assert.Equal([7, 8, 9], kept.Parameters[1].ToArray());

        // layer2.weight is [2, 3]: a row for each output, a column for each neuron.
        Assert.Equal([0, 0, 12, 0, 0, 15], kept.Parameters[2].ToArray());
        Assert.Equal([16, 17], kept.Parameters[3].ToArray());
        Assert.Equal([10, 11, 12, 13, 14, 15], trained.Parameters[2].ToArray());
    }

    [Fact]
    public void Keep_Again_StartsFromTheTrainedWeights()
    {
        var switched = new NeuronSwitch(new TwoLayers(start: 1), new TwoLayers(start: 100));
        switched.Keep(1, _ => false);
        Assert.Equal([10, 11, 0, 13, 14, 0], switched.Keep(1, neuron => neuron < 2).Parameters[2].ToArray());
    }

    /// <summary>2 inputs, 3 neurons, 2 outputs; the parameters count up from a number.</summary>
    private sealed class TwoLayers : INetwork
    {
        public TwoLayers(int start)
        {
            var block = Enumerable.Range(start, 17).Select(i => (float)i).ToArray();
            Parameters =
            [
                new Parameter("layer1.weight", [3, 2], block, 0, ParameterLayout.Vector(6)),
                new Parameter("layer1.bias", [3], block, 6, ParameterLayout.Vector(3)),
                new Parameter("layer2.weight", [2, 3], block, 9, ParameterLayout.Vector(6)),
                new Parameter("layer2.bias", [2], block, 15, ParameterLayout.Vector(2)),
            ];
        }

        public IReadOnlyList<Parameter> Buffers => [];

        public int InputSize => 2;

        public int OutputSize => 2;

        public int ParameterCount => 17;

        public string Summary => "";

        public IReadOnlyList<Parameter> Parameters { get; }

        public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs) => throw new NotSupportedException();
    }
}
