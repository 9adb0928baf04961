using System.Diagnostics.CodeAnalysis;

namespace NetGen;

/// <summary>What a safetensors file holds.</summary>
public sealed class SafetensorsFile
{
    private readonly Dictionary<string, SafetensorsTensor> _byName;

    internal SafetensorsFile(IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        (Tensors, Metadata) = (tensors, metadata);
        _byName = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <summary>The tensors in the order in which their bytes stand.</summary>
    public IReadOnlyList<SafetensorsTensor> Tensors { get; }

    /// <summary>Free text by key; empty where the file has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>A tensor by its name.</summary>
    /// <param name="name">The name, exactly.</param>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public SafetensorsTensor this[string name] =>
        TryGet(name, out var tensor) ? tensor : throw new KeyNotFoundException($"The file has no tensor {name}.");

    /// <summary>A tensor by its name, if there is one.</summary>
    /// <param name="name">The name, exactly.</param>
    /// <param name="tensor">The tensor, or null.</param>
    public bool TryGet(string name, [MaybeNullWhen(false)] out SafetensorsTensor tensor) => _byName.TryGetValue(name, out tensor);
}
