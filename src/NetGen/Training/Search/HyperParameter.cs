using System.Globalization;
using NetGen.CompilerServices;

namespace NetGen;

/// <summary>One dimension of a search.</summary>
internal sealed class HyperParameter
{
    private readonly double[] _values;
    private readonly string[]? _texts;
    private readonly Func<double, double>? _draw;

    private HyperParameter(string name, double[] values, string[]? texts, Func<double, double>? draw) =>
        (Name, _values, _texts, _draw) = (name, values, texts, draw);

    public string Name { get; }

    /// <summary>How many values a grid has; 1 for what is drawn.</summary>
    public int Count => _draw is null ? _values.Length : 1;

    public bool IsDrawn => _draw is not null;

    public bool IsText => _texts is not null;

    public static HyperParameter Grid(string name, double[] values) => new(name, [.. values], null, null);

    public static HyperParameter Choice(string name, string[] values) =>
        new(name, [.. Enumerable.Range(0, values.Length).Select(i => (double)i)], [.. values], null);

    /// <summary>What is drawn: a function of a number in [0, 1).</summary>
    public static HyperParameter Drawn(string name, Func<double, double> draw) => new(name, [], null, draw);

    /// <summary>A grid's value, or the next one that is drawn.</summary>
    public double Value(int index, ref Xoshiro256 random) => _draw is null ? _values[index] : _draw(random.NextDouble());

    public string Describe(double value) => _texts?[(int)value] ?? value.ToString("R", CultureInfo.InvariantCulture);
}
