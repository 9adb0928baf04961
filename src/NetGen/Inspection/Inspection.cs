using System.Collections.Concurrent;
using NetGen.CompilerServices;

namespace NetGen;

/// <summary>
/// A network on given samples, with the parameters that it had when <see cref="NetworkInspector.Inspect"/> was called and the masks given there:
/// the values of its nodes, gradients, predictions with further neurons switched off. A value that was computed once without further masks is
/// kept, and only what lies behind these is computed anew. May be used by many callers at once.
/// </summary>
public sealed class Inspection
{
    /// <summary>So many samples pass through all layers together at most, in buffers that stay in the cache; a multiple of a tile's rows.</summary>
    private const int LargestChunk = 192;

    /// <summary>The most numbers of a buffer that holds more than one sample: layers of images are larger than those of rows.</summary>
    private const int LargestBuffer = 1 << 20;

    private readonly NetworkInspector _inspector;
    private readonly NodeRule?[] _rules;
    private readonly int _chunkSize;

    /// <summary>The values computed so far without further masks: of all samples; inputs from the start.</summary>
    private readonly float[]?[] _kept;
    private readonly Lock _gate = new();

    /// <summary>Rows of a chunk for each value, and for each gradient: of calls that are done, for the next ones.</summary>
    private readonly ConcurrentBag<float[][]> _buffers = [];

    /// <summary>What every call holds; see <see cref="Resolve"/>.</summary>
    private readonly Dictionary<int, KeyValuePair<int, float>[]> _held;

    internal Inspection(NetworkInspector inspector, float[] inputs, NeuronMask[] masks)
    {
        _inspector = inspector;
        _held = Resolve(masks);
        _rules = inspector.CreateRules();
        _chunkSize = Math.Clamp(LargestBuffer / Nodes.Max(value => value.Size), 1, LargestChunk);
        _kept = new float[]?[_rules.Length];
        Samples = inputs.Length / inspector.Network.InputSize;
        KeepInputs(inputs);
    }

    /// <summary>The samples.</summary>
    public int Samples { get; }

    private IReadOnlyList<NodeValue> Nodes => _inspector.NodeValues;

    private int Output => _rules.Length - 1;

    /// <summary>The values of a node.</summary>
    /// <param name="node">One of <see cref="NetworkInspector.Names"/>.</param>
    /// <param name="masks">Neurons to be switched off or held; of the node itself too.</param>
    /// <returns><see cref="Samples"/> rows of <see cref="NetworkInspector.SizeOf"/> numbers.</returns>
    /// <exception cref="ArgumentException">There is no such node, or a mask names no node or no neuron of it.</exception>
    public float[] Values(string node, params NeuronMask[] masks) => Values(_inspector.IndexOf(node, nameof(node)), masks);

    /// <summary>The predictions.</summary>
    /// <param name="masks">Neurons to be switched off or held.</param>
    /// <returns><see cref="Samples"/> rows of <see cref="INetwork.OutputSize"/> numbers.</returns>
    /// <exception cref="ArgumentException">A mask names no node or no neuron of it.</exception>
    public float[] Predict(params NeuronMask[] masks) => Values(Output, masks);

    /// <summary>
    /// The gradient of one output with respect to a node's value: for each sample, how the output of this sample changes with each number of
    /// the node.
    /// </summary>
    /// <param name="node">One of <see cref="NetworkInspector.Names"/>.</param>
    /// <param name="output">Which output, from 0: the score of a class, say.</param>
    /// <returns><see cref="Samples"/> rows of <see cref="NetworkInspector.SizeOf"/> numbers.</returns>
    /// <exception cref="ArgumentException">There is no such node or output.</exception>
    public float[] OutputGradients(string node, int output)
    {
        var index = _inspector.IndexOf(node, nameof(node));
        var outputs = Nodes[Output].Size;
        if ((uint)output >= (uint)outputs)
        {
            throw new ArgumentOutOfRangeException(nameof(output), Text.Of($"output must be from 0 to {outputs - 1}, but is {output}."));
        }

        return Gradients(index, Output, (_, _, dy) =>
        {
            for (var i = output; i < dy.Length; i += outputs)
            {
                dy[i] = 1;
            }
        });
    }

    /// <summary>
    /// The gradient of the mean loss over all samples with respect to a node's value; with the samples as one batch, that of the input is what
    /// <see cref="ITrainableNetwork.ComputeGradients"/> gives for networks that predict as they train.
    /// </summary>
    /// <param name="node">One of <see cref="NetworkInspector.Names"/>.</param>
    /// <param name="targets"><see cref="Samples"/> rows of <see cref="ITrainableNetwork.TargetSize"/> targets.</param>
    /// <returns><see cref="Samples"/> rows of <see cref="NetworkInspector.SizeOf"/> numbers.</returns>
    /// <exception cref="ArgumentException">There is no such node, or the length does not fit.</exception>
    /// <exception cref="InvalidOperationException">The network has no loss: it has no <see cref="TrainAttribute"/>.</exception>
    public float[] LossGradients(string node, ReadOnlySpan<float> targets)
    {
        var index = _inspector.IndexOf(node, nameof(node));
        var loss = new LossGradient(_inspector.Network, Samples);
        Check.Length(targets.Length, Samples * loss.TargetSize, nameof(targets), Text.Of($"A row of {loss.TargetSize} targets for each of {Samples} samples"));
        return LossGradients(index, loss, targets.ToArray());
    }

    /// <inheritdoc cref="LossGradients(string, ReadOnlySpan{float})"/>
    /// <param name="node">One of <see cref="NetworkInspector.Names"/>.</param>
    /// <param name="labels">The class of each sample, 0 … <see cref="INetwork.OutputSize"/> − 1: for any loss, as targets of 1 for the class and 0, for hinges −1, for the others.</param>
    public float[] LossGradients(string node, ReadOnlySpan<int> labels)
    {
        var index = _inspector.IndexOf(node, nameof(node));
        var loss = new LossGradient(_inspector.Network, Samples);
        Check.Length(labels.Length, Samples, nameof(labels), Text.Of($"A label for each of {Samples} samples"));
        Check.Labels(labels, loss.TargetSize);
        var targets = new float[Checked.Size(Samples, loss.TargetSize, "The targets")];
        targets.AsSpan().Fill(loss.OtherClass);
        for (var i = 0; i < Samples; i++)
        {
            targets[i * loss.TargetSize + labels[i]] = 1;
        }

        return LossGradients(index, loss, targets);
    }

    private float[] LossGradients(int index, LossGradient loss, float[] targets)
    {
        // Behind the last activation's argument it makes no difference, and there nothing is divided by a probability that may be 0.
        var atLogits = index < Output && loss.TakesLogits(Nodes[Output].Activation);
        return Gradients(index, atLogits ? Nodes[Output].From[0] : Output, (first, y, dy) =>
            loss.Write(y, targets.AsSpan(first * loss.TargetSize, y.Length / Nodes[Output].Size * loss.TargetSize), dy, atLogits));
    }

    /// <summary>Takes the first sample's number, predictions and their gradient, to be written, of some samples.</summary>
    private delegate void OutputGradient(int first, ReadOnlySpan<float> y, Span<float> dy);

    /// <summary>The gradient with respect to a value, from that with respect to the value <paramref name="start"/>.</summary>
    private float[] Gradients(int index, int start, OutputGradient write)
    {
        var size = Nodes[index].Size;
        var result = new float[Checked.Size(Samples, size, "The gradients")];
        InChunks((first, samples, buffers) =>
        {
            var gradients = buffers.AsSpan(Output + 1);
            for (var v = 0; v <= Output; v++)
            {
                Forward(v, first, samples, buffers);
                Hold(v, buffers, samples, _held);
                Buffer(ref gradients[v], v);
                gradients[v].AsSpan(0, samples * Nodes[v].Size).Clear();
            }

            write(first, buffers[Output].AsSpan(0, samples * Nodes[Output].Size), gradients[start].AsSpan(0, samples * Nodes[start].Size));
            for (var v = start; v > index; v--)
            {
                Hold(v, gradients, samples, _held, atZero: true);
                _rules[v]?.Backward(Taken(v, buffers), buffers[v], gradients[v], Taken(v, gradients), samples);
            }

            gradients[index].AsSpan(0, samples * size).CopyTo(result.AsSpan(first * size));
        });
        return result;
    }

    private float[] Values(int index, NeuronMask[] masks)
    {
        var held = Resolve(masks);
        var isTaken = Ancestors(index, _ => false);
        if (!held.Keys.Any(v => v <= index && isTaken[v]))
        {
            return [.. Keep(index)];
        }

        // What a mask changes is computed; what else that takes is kept for the next mask.
        var isChanged = new bool[index + 1];
        for (var v = 0; v <= index; v++)
        {
            isChanged[v] = Nodes[v].From.Any(from => isChanged[from] || held.ContainsKey(from));
        }

        var needed = Ancestors(index, v => !isChanged[v]);
        for (var v = 0; v <= index; v++)
        {
            if (needed[v] && !isChanged[v])
            {
                Keep(v);
            }
        }

        return Run(index, needed, isChanged, held);
    }

    /// <summary>The value without further masks, computed if it is not yet.</summary>
    private float[] Keep(int index)
    {
        lock (_gate)
        {
            return _kept[index] ??= Run(index, Ancestors(index, v => _kept[v] is not null), [.. _kept.Select(value => value is null)], []);
        }
    }

    /// <summary>A value, and those that it is computed of, back to given starts.</summary>
    private bool[] Ancestors(int index, Func<int, bool> isStart)
    {
        var found = new bool[index + 1];
        found[index] = true;
        for (var v = index; v >= 0; v--)
        {
            if (!found[v] || isStart(v))
            {
                continue;
            }

            foreach (var from in Nodes[v].From)
            {
                found[from] = true;
            }
        }

        return found;
    }

    private float[] Run(int index, bool[] needed, bool[] computed, Dictionary<int, KeyValuePair<int, float>[]> held)
    {
        var size = Nodes[index].Size;
        var result = new float[Checked.Size(Samples, size, "The values")];
        InChunks((first, samples, buffers) =>
        {
            for (var v = 0; v <= index; v++)
            {
                if (needed[v])
                {
                    Forward(v, first, samples, buffers, computed[v]);
                    Hold(v, buffers, samples, _held);
                    Hold(v, buffers, samples, held);
                }
            }

            buffers[index].AsSpan(0, samples * size).CopyTo(result.AsSpan(first * size));
        });
        return result;
    }

    private void Forward(int v, int first, int samples, Span<float[]> buffers, bool isComputed = true)
    {
        Buffer(ref buffers[v], v);
        var size = Nodes[v].Size;
        if (isComputed && _rules[v] is { } rule)
        {
            rule.Forward(Taken(v, buffers), buffers[v], samples);
        }
        else
        {
            _kept[v].AsSpan(first * size, samples * size).CopyTo(buffers[v]);
        }
    }

    private void Buffer(ref float[] buffer, int v) => buffer ??= new float[Math.Min(_chunkSize, Samples) * Nodes[v].Size];

    private float[][] Taken(int v, ReadOnlySpan<float[]> buffers)
    {
        var taken = new float[Nodes[v].From.Length][];
        for (var i = 0; i < taken.Length; i++)
        {
            taken[i] = buffers[Nodes[v].From[i]];
        }

        return taken;
    }

    /// <summary>Puts the held numbers of a value into its rows; for a gradient zeros, as what is held does not come from elsewhere.</summary>
    private void Hold(int v, Span<float[]> buffers, int samples, Dictionary<int, KeyValuePair<int, float>[]> held, bool atZero = false)
    {
        if (!held.TryGetValue(v, out var neurons))
        {
            return;
        }

        for (var row = 0; row < samples; row++)
        {
            foreach (var (neuron, value) in neurons)
            {
                buffers[v][row * Nodes[v].Size + neuron] = atZero ? 0 : value;
            }
        }
    }

    /// <summary>Runs through all samples, some at a time, on as many cores as networks may use.</summary>
    private void InChunks(Action<int, int, float[][]> run)
    {
        var chunks = (Samples + _chunkSize - 1) / _chunkSize;
        void Chunk(int chunk)
        {
            var buffers = _buffers.TryTake(out var used) ? used : new float[2 * _rules.Length][];
            run(chunk * _chunkSize, Math.Min(_chunkSize, Samples - chunk * _chunkSize), buffers);
            _buffers.Add(buffers);
        }

        if (chunks == 1)
        {
            Chunk(0);
        }
        else
        {
            Parallel.For(0, chunks, new ParallelOptions { MaxDegreeOfParallelism = NetworkThreads.Limit }, Chunk);
        }
    }

    /// <summary>What each masked value holds.</summary>
    private Dictionary<int, KeyValuePair<int, float>[]> Resolve(NeuronMask[] masks)
    {
        ArgumentNullException.ThrowIfNull(masks);
        var held = new Dictionary<int, SortedDictionary<int, float>>();
        foreach (var mask in masks)
        {
            ArgumentNullException.ThrowIfNull(mask, nameof(masks));
            var index = _inspector.IndexOf(mask.Node, nameof(masks));
            if (mask.Node.EndsWith(NetworkInspector.BeforeActivation, StringComparison.Ordinal))
            {
                throw new ArgumentException($"masks must name nodes, whose values are held after their activation, but one names '{mask.Node}'.", nameof(masks));
            }

            if (!held.TryGetValue(index, out var numbers))
            {
                held[index] = numbers = [];
            }

            mask.AddTo(numbers, Nodes[index].Node.Shape);
        }

        return held.Where(pair => pair.Value.Count > 0).ToDictionary(pair => pair.Key, pair => pair.Value.ToArray());
    }

    /// <summary>A sample is the concatenation of all inputs.</summary>
    private void KeepInputs(float[] inputs)
    {
        var (width, column) = (_inspector.Network.InputSize, 0);
        for (var v = 0; v < _rules.Length; v++)
        {
            if (Nodes[v].Node is not InputNode)
            {
                continue;
            }

            var size = Nodes[v].Size;
            var rows = size == width ? inputs : new float[Samples * size];
            for (var i = 0; i < Samples && rows != inputs; i++)
            {
                inputs.AsSpan(i * width + column, size).CopyTo(rows.AsSpan(i * size));
            }

            _kept[v] = rows;
            for (var first = 0; first < Samples && _held.ContainsKey(v); first++)
            {
                foreach (var (neuron, value) in _held[v])
                {
                    rows[first * size + neuron] = value;
                }
            }

            column += size;
        }
    }
}
