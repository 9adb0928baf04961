namespace NetGen;

/// <summary>
/// A network that takes bytes as they are stored, besides numbers: an input says how with <see cref="InputAttribute.Scale"/> or
/// <see cref="InputAttribute.Offset"/>. A byte b stands for the number <see cref="Scale"/>·b + <see cref="Offset"/>.
/// </summary>
public interface IByteInputNetwork : INetwork
{
    /// <summary>The factor of a byte.</summary>
    float Scale { get; }

    /// <summary>What is added to the product.</summary>
    float Offset { get; }

    /// <summary>Predicts from bytes: the same, bit for bit, as from the numbers for which they stand.</summary>
    /// <param name="inputs">n samples: n·<see cref="INetwork.InputSize"/> bytes.</param>
    /// <param name="outputs">Takes n predictions: n·<see cref="INetwork.OutputSize"/> numbers.</param>
    /// <exception cref="ArgumentException">A length is no multiple of a row, the two do not fit each other, or they overlap.</exception>
    void Predict(ReadOnlySpan<byte> inputs, Span<float> outputs);
}
