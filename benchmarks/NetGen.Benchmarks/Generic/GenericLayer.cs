namespace NetGen.Benchmarks.Generic;

/// <summary>A dense layer of any size: y = f(x·W + b). Weights stand in panels of columns, [inputs, outputs].</summary>
internal sealed class GenericLayer : IGenericLayer, IGenericParameters
{
    private readonly Activation _activation;
    private readonly int _weightRows;
    private readonly AlignedBuffer _weights;
    private readonly AlignedBuffer _bias;
    private readonly int _transposedRows;
    private readonly AlignedBuffer _transposed;
    private readonly AlignedBuffer _zeros;
    private readonly AlignedBuffer _weightGradients;
    private readonly AlignedBuffer _biasGradients;
    private readonly AlignedBuffer[] _weightStates;
    private readonly AlignedBuffer[] _biasStates;

    /// <param name="inputs">The inputs of a sample.</param>
    /// <param name="outputs">The outputs of a sample.</param>
    /// <param name="activation">The function of each output.</param>
    /// <param name="batchSize">The largest number of samples of a training step.</param>
    /// <param name="capacity">The largest number of samples of a forward pass.</param>
    /// <param name="states">What the optimiser keeps for each parameter; with none, no gradient is kept either.</param>
    /// <param name="normalizes">Whether a normalisation and dropout stand before the activation.</param>
    public GenericLayer(int inputs, int outputs, Activation activation, int batchSize, int capacity, int states, bool normalizes)
    {
        (Inputs, Outputs, _activation) = (inputs, outputs, activation);
        _weightRows = RoundUpToFour(inputs);
        _transposedRows = RoundUpToFour(outputs);
        _weights = new AlignedBuffer(Panel.Length(_weightRows, outputs));
        _transposed = new AlignedBuffer(Panel.Length(_transposedRows, inputs));
        _bias = new AlignedBuffer(Panel.Length(1, outputs));
        _zeros = new AlignedBuffer(Panel.Width);
        var (weights, biases) = (Panel.Length(_weightRows, outputs), Panel.Length(1, outputs));
        _weightGradients = new AlignedBuffer(states == 0 ? 0 : weights);
        _biasGradients = new AlignedBuffer(states == 0 ? 0 : biases);
        _weightStates = [.. Enumerable.Range(0, states).Select(_ => new AlignedBuffer(weights))];
        _biasStates = [.. Enumerable.Range(0, states).Select(_ => new AlignedBuffer(biases))];
        RowStride = Panel.RowStride(outputs);
        Normalization = normalizes ? new GenericNormalization(outputs, RowStride, batchSize, states) : null;
        Activations = new AlignedBuffer(capacity * RowStride);
        Deltas = new AlignedBuffer(batchSize * RowStride);
    }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>From one sample's row of <see cref="Activations"/> or <see cref="Deltas"/> to the next.</summary>
    public int RowStride { get; }

    /// <summary>What stands before the activation; null for nothing.</summary>
    public GenericNormalization? Normalization { get; }

    /// <summary>y of the last forward pass.</summary>
    public AlignedBuffer Activations { get; }

    /// <summary>∂loss/∂y, and after <see cref="MultiplyBySlope"/> ∂loss/∂z.</summary>
    public AlignedBuffer Deltas { get; }

    /// <summary>y[n, outputs] = f(x[n, inputs]·W + b).</summary>
    public void Forward(ref float x, int xStride, int samples, bool trains)
    {
        Product.Compute(
            samples, Inputs, Outputs,
            new Scalars(ref x, xStride, 1),
            Weights,
            new Vectors(ref _bias.Origin, 0, Panel.Width),
            1f,
            new Vectors(ref Activations.Origin, RowStride, Panel.Width));
        if (trains)
        {
            Normalization?.Train(ref Activations.Origin, samples);
        }
        else
        {
            Normalization?.Predict(ref Activations.Origin, samples);
        }

        Elementwise.Activate(_activation, Activations.Slice(0, samples * RowStride));
    }

    /// <summary>δ ← δ · f′(z), and back through the normalisation.</summary>
    public void MultiplyBySlope(int samples, GenericOptimizer optimizer)
    {
        var length = samples * RowStride;
        Elementwise.MultiplyBySlope(_activation, Activations.Slice(0, length), Deltas.Slice(0, length));
        Normalization?.Backward(ref Deltas.Origin, samples, optimizer);
    }

    /// <summary>Gives the layer before this one its ∂loss/∂y[n, inputs] = δ[n, outputs]·Wᵀ.</summary>
    public void Backward(IGenericLayer previous, int samples)
    {
        Panel.Transpose(ref _weights.Origin, _weightRows, ref _transposed.Origin, _transposedRows, Inputs, Outputs);
        Product.Compute(
            samples, Outputs, Inputs,
            new Scalars(ref Deltas.Origin, RowStride, 1),
            new Vectors(ref _transposed.Origin, Panel.Width, _transposedRows * Panel.Width),
            new Vectors(ref _zeros.Origin, 0, 0),
            1f,
            new Vectors(ref previous.Deltas.Origin, previous.RowStride, Panel.Width));
    }

    /// <summary>
    /// Plain gradient descent: W ← W − η·xᵀ·δ and b ← b − η·Σδ, in the product. Else the gradients, and then the optimiser's step with all of them.
    /// </summary>
    public void Update(ref float x, int xStride, int samples, GenericOptimizer optimizer)
    {
        if (_weightStates.Length == 0)
        {
            AddProduct(ref x, xStride, samples, -optimizer.LearningRate, Weights, Weights);
            Elementwise.AddColumnSums(Deltas.Span, RowStride, samples, -optimizer.LearningRate, _bias.Span);
            return;
        }

        var gradients = new Vectors(ref _weightGradients.Origin, Panel.Width, _weightRows * Panel.Width);
        AddProduct(ref x, xStride, samples, 1f, new Vectors(ref _zeros.Origin, 0, 0), gradients);
        _biasGradients.Span.Clear();
        Elementwise.AddColumnSums(Deltas.Span, RowStride, samples, 1f, _biasGradients.Span);
        optimizer.Step(_weights.Span, _weightGradients.Span, _weightStates);
        optimizer.Step(_bias.Span, _biasGradients.Span, _biasStates);
    }

    private void AddProduct(ref float x, int xStride, int samples, float factor, Vectors start, Vectors result) => Product.Compute(
        Inputs, samples, Outputs, new Scalars(ref x, 1, xStride), new Vectors(ref Deltas.Origin, RowStride, Panel.Width), start, factor, result);

    /// <summary>Takes parameters in PyTorch's layout: weight [outputs, inputs], bias [outputs].</summary>
    public void SetParameters(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias)
    {
        for (var i = 0; i < weight.Length; i++)
        {
            _weights.Span[WeightIndex(i)] = weight[i];
        }

        bias.CopyTo(_bias.Span);
    }

    /// <summary>Gives the weight in PyTorch's layout.</summary>
    public float[] CopyWeight()
    {
        var weight = new float[Inputs * Outputs];
        for (var i = 0; i < weight.Length; i++)
        {
            weight[i] = _weights.Span[WeightIndex(i)];
        }

        return weight;
    }

    public float[] CopyBias() => _bias.Slice(0, Outputs).ToArray();

    private Vectors Weights => new(ref _weights.Origin, Panel.Width, _weightRows * Panel.Width);

    private int WeightIndex(int index)
    {
        var (output, input) = (index / Inputs, index % Inputs);
        return ((output / Panel.Width * _weightRows) + input) * Panel.Width + output % Panel.Width;
    }

    private static int RoundUpToFour(int n) => (n + 3) / 4 * 4;
}
