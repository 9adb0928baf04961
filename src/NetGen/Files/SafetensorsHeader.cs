using System.Text.Json;
using System.Text.Unicode;

namespace NetGen;

/// <summary>A tensor as the header names it: its bytes stand at <see cref="Begin"/> … <see cref="End"/> − 1 of the data.</summary>
internal sealed record SafetensorsEntry(string Name, SafetensorsType Type, long[] Shape, long Begin, long End);

/// <summary>Reads the header of a safetensors file by the format's own rules of what is accepted and what is not.</summary>
internal static class SafetensorsHeader
{
    /// <summary>Parses and checks a header.</summary>
    /// <param name="header">Its bytes.</param>
    /// <param name="dataLength">The bytes that follow it.</param>
    /// <returns>The tensors in the order of their places, and the metadata.</returns>
    /// <exception cref="InvalidDataException">A rule is broken.</exception>
    public static (List<SafetensorsEntry> Entries, Dictionary<string, string> Metadata) Parse(ReadOnlySpan<byte> header, long dataLength)
    {
        if (header.IsEmpty || header[0] != (byte)'{')
        {
            throw Broken($"The header must start with '{{'.");
        }

        if (!Utf8.IsValid(header))
        {
            throw Broken($"The header must be UTF-8.");
        }

        try
        {
            var (entries, metadata) = ReadHeader(header);
            entries.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
            CheckPlaces(entries, dataLength);
            return (entries, metadata);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The header must be JSON: {e.Message}", e);
        }
    }

    private static (List<SafetensorsEntry> Entries, Dictionary<string, string> Metadata) ReadHeader(ReadOnlySpan<byte> header)
    {
        var entries = new List<SafetensorsEntry>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(header);
        reader.Read();
        while (ReadKey(ref reader) is { } key)
        {
            if (!keys.Add(key))
            {
                throw Broken($"The header must name each tensor once, but names {key} twice.");
            }

            reader.Read();
            if (key == Safetensors.MetadataKey)
            {
                ReadMetadata(ref reader, metadata);
            }
            else
            {
                entries.Add(ReadEntry(ref reader, key));
            }
        }

        // One more token would be more than one object; white space is padding.
        reader.Read();
        return (entries, metadata);
    }

    private static void ReadMetadata(ref Utf8JsonReader reader, Dictionary<string, string> metadata)
    {
        Expect(reader.TokenType, JsonTokenType.StartObject, Safetensors.MetadataKey, "an object");
        while (ReadKey(ref reader) is { } key)
        {
            reader.Read();
            Expect(reader.TokenType, JsonTokenType.String, $"{Safetensors.MetadataKey}.{key}", "a string");
            if (!metadata.TryAdd(key, ReadString(ref reader)))
            {
                throw Broken($"{Safetensors.MetadataKey} must name each key once, but names {key} twice.");
            }
        }
    }

    private static SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        Expect(reader.TokenType, JsonTokenType.StartObject, name, "an object");
        SafetensorsType? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        while (ReadKey(ref reader) is { } key)
        {
            if ((key == "dtype" && type is not null) || (key == "shape" && shape is not null) || (key == "data_offsets" && offsets is not null))
            {
                throw Broken($"{name} must have {key} once, but has it twice.");
            }

            reader.Read();
            switch (key)
            {
                case "dtype":
                    type = ReadType(ref reader, name);
                    break;
                case "shape":
                    shape = ReadNumbers(ref reader, $"{name}.shape");
                    break;
                case "data_offsets":
                    offsets = ReadNumbers(ref reader, $"{name}.data_offsets");
                    break;
                default:
                    // The reference reader passes over keys that it does not know.
                    reader.Skip();
                    break;
            }
        }

        if (type is null || shape is null || offsets is null)
        {
            throw Broken($"{name} must have {(type is null ? "dtype" : shape is null ? "shape" : "data_offsets")}.");
        }

        return CheckEntry(name, type.Value, shape, offsets);
    }

    private static SafetensorsEntry CheckEntry(string name, SafetensorsType type, long[] shape, long[] offsets)
    {
        if (offsets is not [var begin, var end] || begin > end)
        {
            var found = SafetensorsTensor.Describe(offsets);
            throw Broken($"{name}.data_offsets must be [begin, end] with begin ≤ end, but is {found}.");
        }

        var description = $"{name} {type.Name()}{SafetensorsTensor.Describe(shape)}";
        if (SafetensorsTensor.ByteLength(type, shape) is not { } length)
        {
            throw Broken($"{description}: the count of bytes overflows.");
        }

        return end - begin == length
            ? new(name, type, shape, begin, end)
            : throw Broken($"{description} must have {length} bytes, but data_offsets [{begin}, {end}] has {end - begin}.");
    }

    /// <summary>The data belongs to the tensors from its first byte to its last: no hole, no overlap, nothing behind.</summary>
    private static void CheckPlaces(List<SafetensorsEntry> entries, long dataLength)
    {
        var expected = 0L;
        foreach (var entry in entries)
        {
            if (entry.Begin != expected)
            {
                var fault = entry.Begin < expected ? "overlaps the tensor before it" : "leaves a hole";
                throw Broken($"{entry.Name} must begin at byte {expected} of the data, but begins at {entry.Begin}: it {fault}.");
            }

            if (entry.End > dataLength)
            {
                throw Broken($"{entry.Name} must end within the {dataLength} bytes of the data, but ends at {entry.End}.");
            }

            // An array cannot be longer; a tensor of 2 GB could not be held.
            if (entry.End - entry.Begin > Array.MaxLength)
            {
                var length = entry.End - entry.Begin;
                throw Broken($"{entry.Name} must have at most {Array.MaxLength} bytes to be read, but has {length}.");
            }

            expected = entry.End;
        }

        if (expected != dataLength)
        {
            throw Broken($"The tensors end at byte {expected} of the data, but {dataLength - expected} more byte(s) follow.");
        }
    }

    /// <summary>The next key of an object; null at its end.</summary>
    private static string? ReadKey(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.PropertyName ? ReadString(ref reader) : null;
    }

    private static string ReadString(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            // Half a surrogate pair, written as \ud800: JSON's grammar allows what no text can hold.
            throw new InvalidDataException(Text.Of($"The string that ends at byte {reader.BytesConsumed} of the header is no valid text."), e);
        }
    }

    private static SafetensorsType ReadType(ref Utf8JsonReader reader, string name)
    {
        Expect(reader.TokenType, JsonTokenType.String, $"{name}.dtype", "a string");
        var text = ReadString(ref reader);
        return SafetensorsTypes.Parse(text)
            ?? throw Broken($"{name}.dtype must be a type that the format knows, such as F32, but is '{text}'.");
    }

    private static long[] ReadNumbers(ref Utf8JsonReader reader, string subject)
    {
        Expect(reader.TokenType, JsonTokenType.StartArray, subject, "an array");
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            // As unsigned, so that -0 is refused as well; no file has a place or a size beyond 63 bits.
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetUInt64(out var number) || number > long.MaxValue)
            {
                var place = numbers.Count;
                throw Broken($"{subject} must hold whole numbers from 0 to {long.MaxValue}, but number {place} (from 0) is none.");
            }

            numbers.Add((long)number);
        }

        return [.. numbers];
    }

    private static void Expect(JsonTokenType actual, JsonTokenType expected, string subject, string description)
    {
        if (actual != expected)
        {
            throw Broken($"{subject} must be {description}, but is {actual}.");
        }
    }

    private static InvalidDataException Broken(FormattableString rule) => new(Text.Of(rule));
}
