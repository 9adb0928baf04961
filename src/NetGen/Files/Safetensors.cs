using System.Buffers.Binary;
using System.Text.Json;

namespace NetGen;

/// <summary>
/// Reads and writes safetensors files (https://github.com/huggingface/safetensors): the length of the header in 8 bytes, little-endian; the
/// header, JSON that names each tensor with type, shape and place; the bytes of all tensors without a gap. No code is ever run.
/// </summary>
public static class Safetensors
{
    /// <summary>The header's longest length in bytes that the format allows.</summary>
    public const int MaxHeaderLength = 100_000_000;

    internal const string MetadataKey = "__metadata__";

    private const int LengthSize = sizeof(ulong);

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="InvalidDataException">The file breaks a rule of the format; the message names the file and the rule.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SafetensorsFile Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var stream = File.OpenRead(path);
        try
        {
            return Read(stream);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>
    /// Reads a stream from its position to its end. No more memory is taken than what the stream holds justifies.
    /// </summary>
    /// <param name="stream">Readable; one that cannot seek is first copied to memory.</param>
    /// <exception cref="InvalidDataException">It breaks a rule of the format; the message says which and where.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SafetensorsFile Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek)
        {
            var copy = new MemoryStream();
            stream.CopyTo(copy);
            copy.Position = 0;
            stream = copy;
        }

        try
        {
            return ReadAll(stream, stream.Length - stream.Position);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("The data ended while it was read.", e);
        }
    }

    /// <summary>Writes a file: into a temporary file beside it, which then takes its place. On any error the old file stays as it was.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="tensors">The tensors, in the order in which they will stand.</param>
    /// <param name="metadata">Free text by key, or none.</param>
    /// <exception cref="ArgumentException">Two tensors have the same name, or the header would be too long.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var header = Header(tensors, metadata);
        AtomicFile.Write(path, stream => Write(stream, header, tensors));
    }

    /// <summary>Writes to a stream.</summary>
    /// <param name="stream">Writable.</param>
    /// <param name="tensors">The tensors, in the order in which they will stand.</param>
    /// <param name="metadata">Free text by key, or none.</param>
    /// <exception cref="ArgumentException">Two tensors have the same name, or the header would be too long.</exception>
    public static void Write(Stream stream, IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Write(stream, Header(tensors, metadata), tensors);
    }

    private static SafetensorsFile ReadAll(Stream stream, long length)
    {
        if (length < LengthSize)
        {
            throw new InvalidDataException(Text.Of($"A safetensors file must have at least {LengthSize} bytes, but this has {length}."));
        }

        Span<byte> prefix = stackalloc byte[LengthSize];
        stream.ReadExactly(prefix);
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > MaxHeaderLength)
        {
            throw new InvalidDataException(Text.Of($"The header must have at most {MaxHeaderLength} bytes, but offset 0 says {headerLength}."));
        }

        var rest = length - LengthSize;
        if ((long)headerLength > rest)
        {
            throw new InvalidDataException(Text.Of($"The header must end within the file, but offset 0 says {headerLength} bytes and {rest} follow."));
        }

        var header = new byte[headerLength];
        stream.ReadExactly(header);
        var (entries, metadata) = SafetensorsHeader.Parse(header, rest - (long)headerLength);
        var tensors = new SafetensorsTensor[entries.Count];
        for (var i = 0; i < tensors.Length; i++)
        {
            var entry = entries[i];
            var bytes = new byte[entry.End - entry.Begin];
            stream.ReadExactly(bytes);
            tensors[i] = new SafetensorsTensor(entry.Name, entry.Type, entry.Shape, bytes);
        }

        return new SafetensorsFile(tensors, metadata);
    }

    private static void Write(Stream stream, byte[] header, IReadOnlyList<SafetensorsTensor> tensors)
    {
        Span<byte> prefix = stackalloc byte[LengthSize];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        stream.Write(prefix);
        stream.Write(header);
        foreach (var tensor in tensors)
        {
            stream.Write(tensor.Bytes.Span);
        }
    }

    /// <summary>The header, padded with spaces so that the tensors start at a multiple of 8 bytes.</summary>
    private static byte[] Header(IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var names = new HashSet<string>(StringComparer.Ordinal);
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(MetadataKey);
                foreach (var (key, text) in metadata)
                {
                    json.WriteString(key, text);
                }

                json.WriteEndObject();
            }

            var begin = 0L;
            foreach (var tensor in tensors)
            {
                if (!names.Add(tensor.Name))
                {
                    throw new ArgumentException($"tensors must have different names, but two are named {tensor.Name}.", nameof(tensors));
                }

                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type.Name());
                json.WriteStartArray("shape");
                foreach (var size in tensor.Shape)
                {
                    json.WriteNumberValue(size);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(begin);
                json.WriteNumberValue(begin += tensor.Bytes.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (memory.Length % LengthSize != 0)
        {
            memory.WriteByte((byte)' ');
        }

        return memory.Length <= MaxHeaderLength
            ? memory.ToArray()
            : throw new ArgumentException(Text.Of($"The header must have at most {MaxHeaderLength} bytes, but has {memory.Length}."), nameof(tensors));
    }
}
