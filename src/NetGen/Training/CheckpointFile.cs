using System.Buffers.Binary;
using System.Globalization;

namespace NetGen;

/// <summary>A checkpoint as a safetensors file: scalars are texts of its metadata, arrays are tensors.</summary>
internal sealed class CheckpointFile
{
    private const string VersionKey = "netgen_checkpoint";
    private const string Version = "1";

    private readonly string _path;
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal) { ["format"] = "pt", [VersionKey] = Version };
    private readonly List<SafetensorsTensor> _tensors = [];
    private readonly SafetensorsFile? _file;

    /// <summary>A file to be written.</summary>
    public CheckpointFile(string path) => _path = path;

    private CheckpointFile(string path, SafetensorsFile file)
    {
        (_path, _file) = (path, file);
        foreach (var (key, text) in file.Metadata)
        {
            _texts[key] = text;
        }
    }

    public IEnumerable<string> TextKeys => _texts.Keys;

    public IEnumerable<string> TensorNames => _file?.Tensors.Select(tensor => tensor.Name) ?? [];

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is no checkpoint.</exception>
    public static CheckpointFile Read(string path)
    {
        var file = Safetensors.Read(path);
        return file.Metadata.TryGetValue(VersionKey, out var version) && version == Version
            ? new(path, file)
            : throw new InvalidDataException(
                $"{path}: a checkpoint must name its form {VersionKey} = {Version} in its metadata, but the file names {version ?? "none"}.");
    }

    public void Write() => Safetensors.Write(_path, _tensors, _texts);

    public void Set(string key, string text) => _texts[key] = text;

    public void Set(string key, long number) => _texts[key] = number.ToString(CultureInfo.InvariantCulture);

    public void Set(string key, double number) => _texts[key] = number.ToString("R", CultureInfo.InvariantCulture);

    public void Set(string name, ReadOnlySpan<int> shape, ReadOnlySpan<float> numbers)
    {
        var dimensions = new long[shape.Length];
        for (var i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = shape[i];
        }

        _tensors.Add(SafetensorsTensor.FromSingles(name, dimensions, numbers));
    }

    public void Set(string name, ReadOnlySpan<int> numbers)
    {
        var bytes = new byte[checked(numbers.Length * sizeof(int))];
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), numbers[i]);
        }

        _tensors.Add(new(name, SafetensorsType.I32, [numbers.Length], bytes));
    }

    public void Set(string name, ReadOnlySpan<double> numbers)
    {
        var bytes = new byte[checked(numbers.Length * sizeof(double))];
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), numbers[i]);
        }

        _tensors.Add(new(name, SafetensorsType.F64, [numbers.Length], bytes));
    }

    public string? TryText(string key) => _texts.GetValueOrDefault(key);

    public string Text(string key) => TryText(key) ?? throw Wrong($"it has no {key}");

    public long Int64(string key) =>
        long.TryParse(Text(key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong($"{key} must be a whole number, but is \"{Text(key)}\"");

    public int Int32(string key) => Int64(key) is >= int.MinValue and <= int.MaxValue and var number
        ? (int)number
        : throw Wrong($"{key} must be a number of 32 bits, but is {Text(key)}");

    public double Double(string key) =>
        double.TryParse(Text(key), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong($"{key} must be a number, but is \"{Text(key)}\"");

    public float[] Singles(string name, ReadOnlySpan<int> shape)
    {
        var tensor = Tensor(name, SafetensorsType.F32);
        return tensor.Shape.SequenceEqual(Array.ConvertAll(shape.ToArray(), size => (long)size))
            ? tensor.ToSingles()
            : throw Wrong($"{name}[{string.Join(", ", shape.ToArray())}] is expected, but it holds {tensor}");
    }

    public float[] Singles(string name) => Tensor(name, SafetensorsType.F32).ToSingles();

    public int[] Ints(string name)
    {
        var bytes = Tensor(name, SafetensorsType.I32).Bytes.Span;
        var numbers = new int[bytes.Length / sizeof(int)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(i * sizeof(int))..]);
        }

        return numbers;
    }

    public double[] Doubles(string name)
    {
        var bytes = Tensor(name, SafetensorsType.F64).Bytes.Span;
        var numbers = new double[bytes.Length / sizeof(double)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadDoubleLittleEndian(bytes[(i * sizeof(double))..]);
        }

        return numbers;
    }

    public bool IsDoubles(string name) => _file!.TryGet(name, out var tensor) && tensor.Type == SafetensorsType.F64;

    /// <summary>The error of a file that does not fit.</summary>
    public InvalidDataException Wrong(string what) => new($"{_path}: the checkpoint does not fit this training: {what}. Nothing was changed.");

    private SafetensorsTensor Tensor(string name, SafetensorsType type) =>
        !_file!.TryGet(name, out var tensor) ? throw Wrong($"tensor {name} is missing")
        : tensor.Type == type ? tensor
        : throw Wrong($"tensor {name} must be {type.Name()}, but is {tensor.Type.Name()}");
}
