using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace NetGen;

/// <summary>All that decides what training leads to, as texts that a checkpoint compares.</summary>
internal static class TrainingSettings
{
    private const string None = "none";

    public static IEnumerable<(string Key, string Value)> Of(ITrainableNetwork network, Dataset data, FitOptions options)
    {
        yield return ("network", SummaryTable.Split(network.Summary).Layers); // what memory it takes is not what it is
        yield return ("loss", network.Loss.ToString());
        yield return ("batch_size", network.BatchSize.ToString(CultureInfo.InvariantCulture));
        yield return ("learning_rate", network.LearningRate.ToString("R", CultureInfo.InvariantCulture));
        yield return ("data", Describe(data));
        yield return ("validation", options.Validation is null ? None : Describe(options.Validation));
        yield return ("shuffle_seed", options.Seed.ToString(CultureInfo.InvariantCulture));
        yield return ("schedule", options.Schedule is null ? None : Text.Of($"{options.Schedule} over {options.Epochs} epochs"));
        yield return ("callbacks", List(options.Callbacks.Select(callback => callback.ToString())));
        yield return ("metrics", List(options.Metrics.Select(metric => metric.Name)) + (options.MetricsOnTrainingData ? " on training data too" : ""));
    }

    /// <summary>Throws where a checkpoint was written by another training.</summary>
    public static void Compare(CheckpointFile file, IEnumerable<(string Key, string Value)> settings)
    {
        foreach (var (key, value) in settings)
        {
            var written = file.Text(key);
            if (written != value)
            {
                throw file.Wrong(value.Contains('\n', StringComparison.Ordinal) ? $"{key} was another:\n{written}" : $"{key} is {value}, but was {written}");
            }
        }
    }

    private static string List(IEnumerable<string?> items) => string.Join(", ", items.DefaultIfEmpty(None));

    /// <summary>The size, and a hash of all numbers.</summary>
    private static string Describe(Dataset data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (data.HasByteInputs)
        {
            hash.AppendData(data.InputBytes);
            hash.AppendData(MemoryMarshal.AsBytes((ReadOnlySpan<float>)[data.InputScale, data.InputOffset]));
        }
        else
        {
            Append(hash, data.Inputs);
        }

        Append(hash, data.Labels);
        Append(hash, data.Targets);
        return $"{data}, hash {Convert.ToHexString(hash.GetHashAndReset())[..16]}";
    }

    /// <summary>In parts, as the count of bytes of a large span is no int.</summary>
    private static void Append<T>(IncrementalHash hash, ReadOnlySpan<T> numbers)
        where T : unmanaged
    {
        const int Part = 1 << 20;
        for (var start = 0; start < numbers.Length; start += Part)
        {
            hash.AppendData(MemoryMarshal.AsBytes(numbers.Slice(start, Math.Min(Part, numbers.Length - start))));
        }
    }
}
