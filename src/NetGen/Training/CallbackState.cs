using System.Globalization;

namespace NetGen;

/// <summary>What a callback remembers over a checkpoint: texts and numbers by keys of its own.</summary>
public sealed class CallbackState
{
    internal CallbackState()
    {
    }

    internal Dictionary<string, string> Texts { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, double[]> Numbers { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, float[]> Weights { get; } = new(StringComparer.Ordinal);

    /// <summary>Keeps a text.</summary>
    public void Set(string key, string value) => Texts[key] = value;

    /// <summary>Keeps a number, to the last bit.</summary>
    public void Set(string key, double value) => Texts[key] = value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Keeps a whole number.</summary>
    public void Set(string key, long value) => Texts[key] = value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Keeps numbers. The array is not copied: the checkpoint is written before training goes on.</summary>
    public void Set(string key, double[] value) => Numbers[key] = value;

    /// <summary>Keeps weights. The array is not copied: the checkpoint is written before training goes on.</summary>
    public void Set(string key, float[] value) => Weights[key] = value;

    /// <summary>The text of a key.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public string GetText(string key) => Get(Texts, key);

    /// <summary>The number of a key.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public double GetDouble(string key) =>
        double.TryParse(Get(Texts, key), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw Wrong(key);

    /// <summary>The whole number of a key.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public long GetInt64(string key) =>
        long.TryParse(Get(Texts, key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : throw Wrong(key);

    /// <summary>The numbers of a key.</summary>
    /// <exception cref="InvalidDataException">There are none.</exception>
    public double[] GetNumbers(string key) => Get(Numbers, key);

    /// <summary>The weights of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="length">How many they must be.</param>
    /// <exception cref="InvalidDataException">There are none, or not so many.</exception>
    public float[] GetWeights(string key, int length)
    {
        var weights = Get(Weights, key);
        return weights.Length == length
            ? weights
            : throw new InvalidDataException(Text.Of($"The state of a callback must have {length} numbers {key}, but has {weights.Length}."));
    }

    private static T Get<T>(Dictionary<string, T> values, string key) =>
        values.TryGetValue(key, out var value) ? value : throw new InvalidDataException($"The state of a callback has no {key}.");

    private InvalidDataException Wrong(string key) => new($"The state of a callback must have a number {key}, but has \"{Texts[key]}\".");
}
