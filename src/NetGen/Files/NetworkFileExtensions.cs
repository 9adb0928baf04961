namespace NetGen;

/// <summary>Networks in files: safetensors of F32, by PyTorch's names and in PyTorch's layouts.</summary>
public static class NetworkFileExtensions
{
    /// <summary>What PyTorch's own writers put in, and what some readers insist on.</summary>
    internal static readonly Dictionary<string, string> Metadata = new() { ["format"] = "pt" };

    /// <summary>
    /// Saves the parameters and buffers. The file is written beside its place and then renamed: it is whole or it is the old one.
    /// </summary>
    /// <param name="network">Whose parameters.</param>
    /// <param name="path">The file, by custom <c>NAME.safetensors</c>; replaced if there is one.</param>
    /// <exception cref="IOException">It cannot be written; what was there remains.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written; what was there remains.</exception>
    public static void Save(this INetwork network, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        Safetensors.Write(path, Tensors(network), Metadata);
    }

    /// <summary>Writes the parameters to a stream, as to a file.</summary>
    /// <param name="network">Whose parameters.</param>
    /// <param name="stream">Writable.</param>
    public static void Save(this INetwork network, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(network);
        Safetensors.Write(stream, Tensors(network), Metadata);
    }

    /// <summary>
    /// Replaces the parameters by those of a file. It must hold exactly the network's parameters, by name and shape, as F32 (F16, BF16 and
    /// F64 are converted). The whole file is read and checked first: on any error nothing is changed.
    /// </summary>
    /// <param name="network">Whose parameters.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file breaks a rule of the format, or does not fit the network: the message says which tensor,
    /// what was expected and what was found.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public static void Load(this INetwork network, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        var file = Safetensors.Read(path);
        float[][] numbers;
        try
        {
            numbers = Match(network, file);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }

        Replace(network, numbers);
    }

    /// <summary>Replaces the parameters by those of a stream, read to its end (an embedded resource, say), as by those of a file.</summary>
    /// <param name="network">Whose parameters.</param>
    /// <param name="stream">Readable.</param>
    /// <exception cref="InvalidDataException">As for a file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static void Load(this INetwork network, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(network);
        Replace(network, Match(network, Safetensors.Read(stream)));
    }

    /// <summary>
    /// Replaces those parameters for which a file has a tensor of the same name, shape and a type that can be converted, and leaves the others
    /// as they are: the layers that a network has in common with another, or the weights of a training's checkpoint.
    /// </summary>
    /// <param name="network">Whose parameters.</param>
    /// <param name="path">The file.</param>
    /// <returns>What was taken and what was not.</returns>
    /// <exception cref="InvalidDataException">The file breaks a rule of the format. Nothing is changed.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public static LoadReport LoadMatching(this INetwork network, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        var file = Safetensors.Read(path);
        var (loaded, notLoaded, taken) = (new List<(Parameter Parameter, float[] Numbers)>(), new List<string>(), new HashSet<string>());
        foreach (var parameter in Learnt(network))
        {
            if (!file.TryGet(parameter.Name, out var tensor))
            {
                notLoaded.Add($"{parameter}: not in the file");
            }
            else if (!tensor.Shape.SequenceEqual(Shape(parameter)) || !tensor.Type.IsFloat())
            {
                notLoaded.Add($"{parameter}: the file has {tensor}");
            }
            else
            {
                loaded.Add((parameter, tensor.ToSingles()));
                taken.Add(tensor.Name);
            }
        }

        foreach (var (parameter, numbers) in loaded)
        {
            parameter.CopyFrom(numbers);
        }

        return new LoadReport(
            [.. loaded.Select(pair => pair.Parameter.Name)],
            notLoaded,
            [.. file.Tensors.Where(tensor => !taken.Contains(tensor.Name)).Select(tensor => tensor.ToString())]);
    }

    private static List<SafetensorsTensor> Tensors(INetwork network)
    {
        var tensors = new List<SafetensorsTensor>();
        foreach (var parameter in Learnt(network))
        {
            tensors.Add(SafetensorsTensor.FromSingles(parameter.Name, Shape(parameter), parameter.ToArray()));
        }

        return tensors;
    }

    private static void Replace(INetwork network, float[][] numbers)
    {
        foreach (var (tensor, learnt) in Learnt(network).Zip(numbers))
        {
            tensor.CopyFrom(learnt);
        }
    }

    /// <summary>What a network has learnt.</summary>
    private static IReadOnlyList<Parameter> Learnt(INetwork network) => [.. network.Parameters, .. network.Buffers];

    /// <summary>The numbers of each parameter in the network's order.</summary>
    private static float[][] Match(INetwork network, SafetensorsFile file)
    {
        var parameters = Learnt(network);
        foreach (var parameter in parameters)
        {
            if (!file.TryGet(parameter.Name, out var tensor))
            {
                throw new InvalidDataException(
                    $"The network does not fit: tensor {parameter} is expected, but is missing; the file holds {List(file)}.");
            }

            if (!tensor.Shape.SequenceEqual(Shape(parameter)))
            {
                throw new InvalidDataException($"The network does not fit: tensor {parameter} is expected, but the file holds {tensor}.");
            }
        }

        var expected = parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var tensor in file.Tensors)
        {
            if (!expected.Contains(tensor.Name))
            {
                throw new InvalidDataException(
                    $"The network does not fit: the file holds {tensor}, which the network does not have; it has {string.Join(", ", parameters)}.");
            }
        }

        return [.. parameters.Select(parameter => file[parameter.Name].ToSingles())];
    }

    private static string List(SafetensorsFile file)
    {
        const int Enough = 20;
        var names = string.Join(", ", file.Tensors.Take(Enough));
        return file.Tensors.Count switch
        {
            0 => "no tensor",
            > Enough => names + ", …",
            _ => names,
        };
    }

    private static long[] Shape(Parameter parameter) => Array.ConvertAll(parameter.Shape.ToArray(), size => (long)size);
}
