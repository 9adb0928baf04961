namespace NetGen;

/// <summary>The samples of a CSV file, by a schema.</summary>
internal sealed class CsvSource : ISampleSource
{
    private readonly string _path;
    private readonly CsvSchema _schema;
    private Stream? _stream;
    private CsvRows? _rows;
    private CsvSamples? _samples;

    /// <summary>Reads the whole file once: to count its samples, and so that what is wrong with it shows before training.</summary>
    public CsvSource(string path, CsvSchema schema)
    {
        (_path, _schema) = (path, schema);
        var inputs = new float[InputSize];
        var targets = new float[TargetSize];
        try
        {
            Rewind();
            while (Read(inputs, targets, out _))
            {
                Count++;
            }

            if (Count == 0)
            {
                throw new InvalidDataException($"{path}: A row without missing values must remain, but none does.");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int InputSize => _schema.InputSize;

    public int TargetSize => _schema.TargetSize;

    public int Classes => _schema.Classes;

    public long Count { get; }

    public void Rewind()
    {
        Dispose();
        try
        {
            _stream = DataFile.OpenStream(_path);
            _rows = new CsvRows(_stream, _schema.Options);
            _samples = new CsvSamples(_schema, _rows, withTargets: true);
        }
        catch (InvalidDataException e)
        {
            throw DataFile.Named(_path, e);
        }
    }

    public bool Read(Span<float> inputs, Span<float> targets, out int label)
    {
        label = 0;
        try
        {
            if (!_samples!.Read())
            {
                return false;
            }

            _samples.Inputs(inputs);
            _samples.Targets(targets);
            label = Classes > 0 ? _samples.Label() : 0;
            return true;
        }
        catch (InvalidDataException e)
        {
            throw DataFile.Named(_path, e);
        }
    }

    public void Dispose()
    {
        _rows?.Dispose();
        _stream?.Dispose();
    }
}
