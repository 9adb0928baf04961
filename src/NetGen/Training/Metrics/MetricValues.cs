using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace NetGen;

/// <summary>Metrics by name, in the order in which they were asked for.</summary>
public sealed class MetricValues : IReadOnlyDictionary<string, double>
{
    private readonly string[] _names;
    private readonly double[] _values;

    internal MetricValues(IEnumerable<string> names, double[] values) => (_names, _values) = ([.. names], values);

    /// <summary>The names, such as <c>accuracy</c>.</summary>
    public IEnumerable<string> Keys => _names;

    /// <summary>The values.</summary>
    public IEnumerable<double> Values => _values;

    /// <summary>How many they are.</summary>
    public int Count => _names.Length;

    internal static MetricValues None { get; } = new([], []);

    /// <summary>A metric's value.</summary>
    /// <param name="metric">One that was asked for.</param>
    /// <exception cref="KeyNotFoundException">It was not.</exception>
    public double this[Metric metric] => this[metric.Name];

    /// <summary>A metric's value.</summary>
    /// <param name="key">Its name.</param>
    /// <exception cref="KeyNotFoundException">It was not asked for.</exception>
    public double this[string key] => TryGetValue(key, out var value)
        ? value
        : throw new KeyNotFoundException($"There is no metric {key}; there are {(Count == 0 ? "none" : string.Join(", ", _names))}.");

    /// <summary>Whether there is such a metric.</summary>
    public bool ContainsKey(string key) => TryGetValue(key, out _);

    /// <summary>A metric's value, if it was asked for.</summary>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out double value)
    {
        var index = Array.IndexOf(_names, key);
        value = index < 0 ? double.NaN : _values[index];
        return index >= 0;
    }

    /// <summary>Names and values.</summary>
    public IEnumerator<KeyValuePair<string, double>> GetEnumerator() => _names.Zip(_values, KeyValuePair.Create).GetEnumerator();

    /// <summary>As in <c>accuracy 0.9000, roc_auc 0.9876</c>.</summary>
    public override string ToString() => string.Join(", ", this.Select(metric => Text.Of($"{metric.Key} {metric.Value:F4}")));

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
