namespace NetGen.Benchmarks.Generic;

/// <summary>A layer of the generic network.</summary>
internal interface IGenericLayer
{
    /// <summary>The inputs of a sample.</summary>
    int Inputs { get; }

    /// <summary>From one sample's row of <see cref="Activations"/> or <see cref="Deltas"/> to the next.</summary>
    int RowStride { get; }

    /// <summary>y of the last forward pass.</summary>
    AlignedBuffer Activations { get; }

    /// <summary>∂loss/∂y, and after <see cref="MultiplyBySlope"/> ∂loss/∂z.</summary>
    AlignedBuffer Deltas { get; }

    /// <summary>Computes y from x, whose samples stand <paramref name="xStride"/> apart.</summary>
    void Forward(ref float x, int xStride, int samples, bool trains);

    /// <summary>δ ← δ · f′(z), and back through what stands before the activation.</summary>
    void MultiplyBySlope(int samples, GenericOptimizer optimizer);

    /// <summary>Gives the layer before this one its ∂loss/∂y.</summary>
    void Backward(IGenericLayer previous, int samples);

    /// <summary>Changes the parameters, if there are any, by their gradients.</summary>
    void Update(ref float x, int xStride, int samples, GenericOptimizer optimizer);
}

/// <summary>A layer with a weight and a bias, told in PyTorch's layouts.</summary>
internal interface IGenericParameters
{
    /// <summary>Takes weight [outputs, inputs…] and bias [outputs].</summary>
    void SetParameters(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias);

    float[] CopyWeight();

    float[] CopyBias();
}
