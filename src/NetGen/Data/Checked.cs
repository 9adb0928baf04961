using System.Globalization;

namespace NetGen;

/// <summary>The checks of data that comes from outside.</summary>
internal static class Checked
{
    /// <summary>A checked copy of rows of numbers.</summary>
    public static float[] Copy(float[] numbers, int size, string argument, string sizeArgument, int? rows = null)
    {
        ArgumentNullException.ThrowIfNull(numbers, argument);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1, sizeArgument);
        if (numbers.Length == 0 || numbers.Length % size != 0)
        {
            throw new ArgumentException(
                Text.Of($"{argument} must hold one or more whole rows of {size} numbers, but has {numbers.Length}."), argument);
        }

        if (rows is { } expected && numbers.Length != (long)expected * size)
        {
            throw new ArgumentException(
                Text.Of($"{argument} must hold {(long)expected * size} numbers ({expected} samples of {size}), but has {numbers.Length}."), argument);
        }

        Numbers(numbers, size, argument);
        return [.. numbers];
    }

    /// <summary>A checked copy of rows of bytes, and of what they stand for.</summary>
    public static byte[] Copy(byte[] inputs, int inputSize, float scale, float offset)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputSize, 1);
        if (inputs.Length == 0 || inputs.Length % inputSize != 0)
        {
            throw new ArgumentException(
                Text.Of($"inputs must hold one or more whole rows of {inputSize} bytes, but has {inputs.Length}."), nameof(inputs));
        }

        Scale(scale, offset);
        return [.. inputs];
    }

    /// <summary>What bytes stand for.</summary>
    public static void Scale(float scale, float offset)
    {
        Finite(scale, nameof(scale));
        Finite(offset, nameof(offset));
        if (scale == 0 || !float.IsFinite(byte.MaxValue * scale + offset))
        {
            throw new ArgumentOutOfRangeException(
                nameof(scale), Text.Of($"scale must not be 0, and 255·scale + offset finite, but scale is {scale} and offset {offset}."));
        }
    }

    /// <summary>A checked copy of labels.</summary>
    public static int[] Copy(int[] labels, int classes, int rows)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        if (labels.Length != rows)
        {
            throw new ArgumentException(
                Text.Of($"labels must hold {rows} numbers (one for each row of inputs), but has {labels.Length}."), nameof(labels));
        }

        CompilerServices.Check.Labels(labels, classes);
        return [.. labels];
    }

    /// <summary>Jagged rows, one after the other.</summary>
    public static float[] Flatten(float[][] rows, string argument)
    {
        ArgumentNullException.ThrowIfNull(rows, argument);
        if (rows.Length == 0)
        {
            throw new ArgumentException($"{argument} must hold at least one row, but is empty.", argument);
        }

        var size = rows[0]?.Length ?? 0;
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i] is not { Length: > 0 } row || row.Length != size)
            {
                var found = rows[i] is null ? "is null" : Text.Of($"has {rows[i].Length} numbers");
                throw new ArgumentException(Text.Of($"{argument}[{i}] must have {Math.Max(size, 1)} numbers, but {found}."), argument);
            }
        }

        var flat = new float[Size(rows.Length, size, argument)];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i].CopyTo(flat, i * size);
        }

        return flat;
    }

    /// <summary>A matrix's rows, one after the other.</summary>
    public static float[] Flatten(float[,] rows, string argument)
    {
        ArgumentNullException.ThrowIfNull(rows, argument);
        if (rows.Length == 0)
        {
            throw new ArgumentException(
                Text.Of($"{argument} must hold at least one row of at least one number, but is [{rows.GetLength(0)}, {rows.GetLength(1)}]."), argument);
        }

        var flat = new float[rows.Length];
        Buffer.BlockCopy(rows, 0, flat, 0, checked(rows.Length * sizeof(float)));
        return flat;
    }

    /// <summary>Numbers that are finite.</summary>
    public static void Numbers(ReadOnlySpan<float> numbers, int size, string subject)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!float.IsFinite(numbers[i]))
            {
                throw new ArgumentException(
                    Text.Of($"{subject} must hold finite numbers, but row {i / size}, column {i % size} (both from 0) is {numbers[i]}."));
            }
        }
    }

    /// <summary>A number that is finite.</summary>
    public static void Finite(float number, string argument)
    {
        if (!float.IsFinite(number))
        {
            throw new ArgumentOutOfRangeException(argument, Text.Of($"{argument} must be finite, but is {number}."));
        }
    }

    /// <summary>The length of an array of rows, which must be one that an array can have.</summary>
    public static int Size(int rows, int size, string subject)
    {
        var length = (long)rows * size;
        return length <= Array.MaxLength
            ? (int)length
            : throw new ArgumentException(
                Text.Of($"{subject} would hold {length} numbers ({rows} rows of {size}), but an array holds {Array.MaxLength} at most."));
    }
}

/// <summary>Text that does not depend on the user's culture.</summary>
internal static class Text
{
    public static string Of(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
