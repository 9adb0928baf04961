using System.Text;

namespace NetGen;

/// <summary>
/// Writes how far training is. On a terminal: one line an epoch, rewritten in place. Into a file or a pipe: one plain line for each
/// finished epoch, without control characters. Numbers are in the invariant culture.
/// </summary>
public sealed class ConsoleProgress : IProgress<EpochProgress>
{
    private const int BarWidth = 20;
    private const int SmallestWidth = 20;

    private readonly TextWriter? _writer;
    private readonly bool _interactive;
    private readonly int? _width;
    private readonly Lock _lock = new();

    /// <summary>The length of the line that stands on the terminal unfinished.</summary>
    private int _open;

    /// <summary>Writes to any writer.</summary>
    /// <param name="writer">Takes the text.</param>
    /// <param name="interactive">Whether it is a terminal, where lines can be rewritten.</param>
    /// <param name="width">The terminal's width in characters, at least 20; longer lines are cut there, as they could not be rewritten.</param>
    /// <exception cref="ArgumentOutOfRangeException">The width is below 20.</exception>
    public ConsoleProgress(TextWriter writer, bool interactive, int width = 80)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, SmallestWidth);
        (_writer, _interactive, _width) = (writer, interactive, width);
    }

    private ConsoleProgress() => _interactive = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>Writes to the console, as it suits what stands behind it.</summary>
    public static ConsoleProgress Default { get; } = new();

    /// <inheritdoc/>
    public void Report(EpochProgress value)
    {
        lock (_lock)
        {
            var writer = _writer ?? Console.Out;
            if (_interactive)
            {
                Rewrite(writer, value);
            }
            else if (value.IsDone)
            {
                writer.Write(Describe(value) + "\n");
            }
        }
    }

    private void Rewrite(TextWriter writer, EpochProgress value)
    {
        var line = Describe(value);

        // A line as wide as the terminal would wrap, and \r return to its last part only.
        var limit = (_width ?? ConsoleWidth()) - 1;
        line = line.Length > limit ? line[..limit] : line;
        writer.Write('\r' + line.PadRight(Math.Min(_open, limit)));
        _open = line.Length;
        if (value.IsDone || value.IsStopped)
        {
            writer.Write('\n');
            _open = 0;
        }

        writer.Flush();
    }

    private string Describe(EpochProgress value)
    {
        var text = new StringBuilder(Text.Of($"Epoch {value.Epoch}/{value.Epochs}"));
        if (_interactive)
        {
            var filled = (int)((long)BarWidth * value.Samples / value.TotalSamples);
            text.Append(" [").Append('#', filled).Append('.', BarWidth - filled).Append(']');
        }

        text.Append(double.IsNaN(value.Loss) ? " no step yet" : Text.Of($" loss {value.Loss:F4}"));
        if (!double.IsNaN(value.ValidationLoss))
        {
            text.Append(Text.Of($", validation {value.ValidationLoss:F4}"));
        }

        if (!double.IsNaN(value.ValidationAccuracy))
        {
            text.Append(Text.Of($", accuracy {value.ValidationAccuracy:F4}"));
        }

        foreach (var (name, metric) in value.Metrics ?? MetricValues.None)
        {
            if (name != Metric.Accuracy.Name)
            {
                text.Append(Text.Of($", {name} {metric:F4}"));
            }
        }

        text.Append(Text.Of($", {value.SamplesPerSecond:N0} samples/s"));
        if (value.IsStopped)
        {
            text.Append(", stopped");
        }
        else if (value.Epoch < value.Epochs || !value.IsDone)
        {
            text.Append(Text.Of($", {Duration(value.Remaining)} left"));
        }

        return text.ToString();
    }

    private static string Duration(TimeSpan time) => time.TotalSeconds switch
    {
        < 60 => Text.Of($"{Math.Ceiling(time.TotalSeconds):F0} s"),
        < 3600 => Text.Of($"{Math.Floor(time.TotalMinutes):F0}:{time.Seconds:00} min"),
        _ => Text.Of($"{Math.Floor(time.TotalHours):F0}:{time.Minutes:00} h"),
    };

    private static int ConsoleWidth()
    {
        try
        {
            return Math.Max(Console.WindowWidth, SmallestWidth);
        }
        catch (IOException)
        {
            return 80; // a terminal that does not tell
        }
        catch (PlatformNotSupportedException)
        {
            return 80;
        }
    }
}
