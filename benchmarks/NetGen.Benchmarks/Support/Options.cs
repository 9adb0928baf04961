using System.Globalization;

namespace NetGen.Benchmarks.Support;

/// <summary>The options of a command: pairs of <c>--name value</c>.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string> _values = [];

    /// <param name="arguments">What follows the command's name.</param>
    /// <param name="known">The names that the command takes, with their dashes.</param>
    /// <exception cref="UsageException">A name is unknown or twice, or its value is missing.</exception>
    public Options(ReadOnlySpan<string> arguments, params ReadOnlySpan<string> known)
    {
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var name = arguments[i];
            if (!known.Contains(name))
            {
                throw new UsageException(
                    known.IsEmpty ? $"'{name}': this command takes no options." : $"'{name}' is none of {string.Join(", ", known)}.");
            }

            if (i + 1 == arguments.Length)
            {
                throw new UsageException($"{name} needs a value.");
            }

            if (!_values.TryAdd(name, arguments[i + 1]))
            {
                throw new UsageException($"{name} is given twice.");
            }
        }
    }

    public string? Text(string name) => _values.GetValueOrDefault(name);

    public string Required(string name, string meaning) =>
        _values.TryGetValue(name, out var value) ? value : throw new UsageException($"{name} is missing: {meaning}.");

    public int Count(string name, int otherwise)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0
            ? value
            : throw new UsageException($"{name} takes a whole number of at least 1, not '{text}'.");
    }

    public double Seconds(string name, double otherwise)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value > 0
            ? value
            : throw new UsageException($"{name} takes seconds above 0, not '{text}'.");
    }
}
