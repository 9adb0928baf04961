using System.Globalization;
using System.Text;
using System.Text.Json;

namespace NetGen;

/// <summary>What <c>Fit</c> did: a line for each finished epoch, and the same as columns of numbers.</summary>
public sealed class History
{
    private readonly List<(string Name, Func<EpochResult, double> Value)> _columns;

    internal History(IReadOnlyList<EpochResult> epochs, bool cancelled, bool stopped, TimeSpan elapsed, IReadOnlyList<HistoryColumn>? added = null)
    {
        (Epochs, Cancelled, Stopped, Elapsed) = (epochs, cancelled, stopped, elapsed);
        _columns = [.. NameColumns(epochs)];
        foreach (var column in added ?? [])
        {
            _columns.Add((column.Name, epoch => epoch.Epoch <= column.Values.Count ? column.Values[epoch.Epoch - 1] : double.NaN));
        }
    }

    /// <summary>The finished epochs in order.</summary>
    public IReadOnlyList<EpochResult> Epochs { get; }

    /// <summary>Whether training was cancelled before the last epoch was finished.</summary>
    public bool Cancelled { get; }

    /// <summary>Whether a callback, such as <see cref="EarlyStopping"/>, stopped training.</summary>
    public bool Stopped { get; }

    /// <summary>The time from start to end, validation included.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>
    /// The names of the columns: <c>epoch</c>, <c>loss</c>, the training metrics by their names, <c>validation_loss</c>, <c>validation_accuracy</c>,
    /// the validation metrics with <c>validation_</c> before their names, <c>learning_rate</c>, <c>samples_per_second</c>, <c>seconds</c>, then those
    /// of callbacks (<see cref="TrainingCallback.Columns"/>). Those that do not apply are left out.
    /// </summary>
    public IReadOnlyList<string> Columns => [.. _columns.Select(column => column.Name)];

    /// <summary>A column: a number for each epoch.</summary>
    /// <param name="column">One of <see cref="Columns"/>.</param>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    public IReadOnlyList<double> this[string column]
    {
        get
        {
            var index = _columns.FindIndex(c => c.Name == column);
            return index < 0
                ? throw new KeyNotFoundException($"There is no column {column}; there are {string.Join(", ", Columns)}.")
                : [.. Epochs.Select(_columns[index].Value)];
        }
    }

    /// <summary>The columns as comma-separated values: a line of names, a line for each epoch, in the invariant culture; lines end with LF.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder(string.Join(',', Columns)).Append('\n');
        foreach (var epoch in Epochs)
        {
            text.AppendJoin(',', _columns.Select(column => column.Value(epoch).ToString("R", CultureInfo.InvariantCulture))).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The columns as JSON: an object with an array for each column; numbers that are not finite are null.</summary>
    public string ToJson()
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            foreach (var (name, value) in _columns)
            {
                json.WriteStartArray(name);
                foreach (var number in Epochs.Select(value))
                {
                    if (double.IsFinite(number))
                    {
                        json.WriteNumberValue(number);
                    }
                    else
                    {
                        json.WriteNullValue();
                    }
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(memory.ToArray());
    }

    /// <summary>Writes <see cref="ToCsv"/> to a file, which is whole or the old one.</summary>
    /// <param name="path">The file; replaced if there is one.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void SaveCsv(string path) => Save(path, ToCsv());

    /// <summary>Writes <see cref="ToJson"/> to a file, which is whole or the old one.</summary>
    /// <param name="path">The file; replaced if there is one.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void SaveJson(string path) => Save(path, ToJson());

    /// <summary>One line an epoch.</summary>
    public override string ToString() => string.Join('\n', Epochs);

    private static void Save(string path, string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    private static IEnumerable<(string Name, Func<EpochResult, double> Value)> NameColumns(IReadOnlyList<EpochResult> epochs)
    {
        yield return ("epoch", epoch => epoch.Epoch);
        yield return ("loss", epoch => epoch.Loss);
        foreach (var name in epochs.Count == 0 ? [] : epochs[0].TrainingMetrics.Keys)
        {
            yield return (name, epoch => epoch.TrainingMetrics[name]);
        }

        if (epochs.Any(epoch => !double.IsNaN(epoch.ValidationLoss)))
        {
            yield return ("validation_loss", epoch => epoch.ValidationLoss);
        }

        if (epochs.Any(epoch => !double.IsNaN(epoch.ValidationAccuracy)))
        {
            yield return ("validation_accuracy", epoch => epoch.ValidationAccuracy);
        }

        foreach (var name in epochs.Count == 0 ? [] : epochs[0].Metrics.Keys)
        {
            if (name != Metric.Accuracy.Name)
            {
                yield return ("validation_" + name, epoch => epoch.Metrics[name]);
            }
        }

        yield return ("learning_rate", epoch => epoch.LearningRate);
        yield return ("samples_per_second", epoch => epoch.SamplesPerSecond);
        yield return ("seconds", epoch => epoch.Elapsed.TotalSeconds);
    }
}
