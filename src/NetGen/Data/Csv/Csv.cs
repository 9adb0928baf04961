using CsvHelper;

namespace NetGen;

/// <summary>
/// Tables as text (RFC 4180): a sample a line, its fields separated by commas or another character, those that contain one in quotes.
/// Numbers are written with a point, whatever the culture; spaces around a field do not belong to it; empty lines are passed over.
/// </summary>
public static class Csv
{
    /// <summary>Reads training data, and what is needed to read other data alike: see <see cref="CsvSchema"/>.</summary>
    /// <param name="path">The file; it is read twice.</param>
    /// <param name="options">Which column is what; the least is one of <see cref="CsvOptions.Label"/> and <see cref="CsvOptions.Targets"/>.</param>
    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or not as the options say; the message names it, the line and the reason.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static (Dataset Data, CsvSchema Schema) Read(string path, CsvOptions options)
    {
        var schema = CsvSchema.Learn(path, options);
        return (schema.Read(path), schema);
    }

    /// <summary>Reads training data from a stream, from its position to its end, and what is needed to read other data alike.</summary>
    /// <param name="stream">CSV text; read twice, so one that cannot seek is first copied to memory. It stays open.</param>
    /// <param name="options">Which column is what.</param>
    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    /// <exception cref="InvalidDataException">The data is damaged or not as the options say; the message names the line and the reason.</exception>
    public static (Dataset Data, CsvSchema Schema) Read(Stream stream, CsvOptions options)
    {
        stream = DataFile.Seekable(stream);
        var start = stream.Position;
        var schema = CsvSchema.Learn(stream, options);
        stream.Position = start;
        return (schema.Read(stream), schema);
    }

    /// <summary>
    /// Writes samples: inputs, then the label or the targets, a line each. Numbers are written so that the same are read again. The file is
    /// written beside its place and then takes it; on any error the old file stays as it was.
    /// </summary>
    /// <param name="path">Its path.</param>
    /// <param name="data">The samples. Inputs that are bytes are written as the numbers they stand for.</param>
    /// <param name="header">A name for each column, or none.</param>
    /// <param name="delimiter">What stands between two fields; an ASCII character.</param>
    /// <exception cref="ArgumentException">There are not as many names as columns.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, Dataset data, IReadOnlyList<string>? header = null, char delimiter = ',')
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(data);
        new CsvOptions { Label = 0, Delimiter = delimiter }.Check();
        var columns = data.InputSize + (data.HasLabels ? 1 : data.TargetSize);
        if (header is not null && header.Count != columns)
        {
            throw new ArgumentException(Text.Of($"header must have {columns} names, one for each column, but has {header.Count}."), nameof(header));
        }

        AtomicFile.Write(path, stream =>
        {
            using var writer = CsvWriter.Create(stream, new CsvWriterOptions { Separator = delimiter, NewLine = "\n" }, leaveOpen: true);
            if (header is not null)
            {
                writer.WriteHeader([.. header]);
            }

            for (var i = 0; i < data.Count; i++)
            {
                foreach (var number in data.InputRow(i))
                {
                    writer.WriteField(number);
                }

                foreach (var number in data.TargetRow(i))
                {
                    writer.WriteField(number);
                }

                if (data.HasLabels)
                {
                    writer.WriteField(data.Labels[i]);
                }

                writer.EndRecord();
            }
        });
    }
}
