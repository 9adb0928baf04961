using NetGen.CompilerServices;

namespace NetGen;

/// <content>Data sets from array files.</content>
public sealed partial class Dataset
{
    /// <summary>
    /// Samples with labels from arrays: <c>Dataset.FromLabels(Npy.Read("images.npy"), Npy.Read("labels.npy"), scale: 1 / 255f)</c>. Bytes
    /// stay bytes; nothing is copied that need not be.
    /// </summary>
    /// <param name="inputs">A sample for each index of the first dimension; what the others hold is its row of inputs.</param>
    /// <param name="labels">As many whole numbers, 0 … <paramref name="classes"/> − 1.</param>
    /// <param name="classes">The count of classes, at least 1; without it, one more than the largest label.</param>
    /// <param name="scale">What each input is multiplied with: finite, not 0.</param>
    /// <param name="offset">What is added to the product: finite.</param>
    /// <exception cref="ArgumentException">No rows, sizes that do not fit, a number that is not finite, or a label out of range.</exception>
    public static Dataset FromLabels(NumberArray inputs, NumberArray labels, int? classes = null, float scale = 1, float offset = 0)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(labels);
        var (rows, size) = RowsOf(inputs, nameof(inputs));
        if (labels.Count != rows)
        {
            throw new ArgumentException(
                Text.Of($"labels must hold {rows} numbers (one for each row of inputs), but is {labels}."), nameof(labels));
        }

        var numbers = Converted(labels, labels.ToInt32s, nameof(labels));
        var count = classes ?? (int)Math.Clamp(numbers.Max() + 1L, 1, int.MaxValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(classes));
        Check.Labels(numbers, count);
        return new(InputsOf(inputs, size, scale, offset), size, numbers, default, count, 0);
    }

    /// <summary>Samples with numbers as targets from arrays. Inputs that are bytes stay bytes.</summary>
    /// <param name="inputs">A sample for each index of the first dimension; what the others hold is its row of inputs.</param>
    /// <param name="targets">As many rows of targets, in the same form; one dimension holds a target for each sample.</param>
    /// <param name="scale">What each input is multiplied with: finite, not 0.</param>
    /// <param name="offset">What is added to the product: finite.</param>
    /// <exception cref="ArgumentException">No rows, sizes that do not fit, or a number that is not finite.</exception>
    public static Dataset FromTargets(NumberArray inputs, NumberArray targets, float scale = 1, float offset = 0)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        var (rows, size) = RowsOf(inputs, nameof(inputs));
        var (targetRows, targetSize) = RowsOf(targets, nameof(targets));
        if (targetRows != rows)
        {
            throw new ArgumentException(
                Text.Of($"targets must have {rows} rows as inputs has, but is {targets}."), nameof(targets));
        }

        var numbers = Converted(targets, targets.ToSingles, nameof(targets));
        Checked.Numbers(numbers, targetSize, nameof(targets));
        return new(InputsOf(inputs, size, scale, offset), size, default, numbers, 0, targetSize);
    }

    /// <summary>The count of rows, and the numbers of one.</summary>
    private static (int Rows, int Size) RowsOf(NumberArray array, string argument) => array.Shape.Length > 0 && array.Count > 0
        ? (array.Shape[0], array.Count / array.Shape[0])
        : throw new ArgumentException($"{argument} must have at least one row of at least one number, but is {array}.", argument);

    private static InputRows InputsOf(NumberArray inputs, int size, float scale, float offset)
    {
        Checked.Scale(scale, offset);
        if (inputs.Type == NumberType.Byte)
        {
            return new(inputs.Memory<byte>(), size, scale, offset);
        }

        if (inputs.Type == NumberType.Single && (scale, offset) == (1, 0))
        {
            Checked.Numbers(inputs.Numbers<float>(), size, nameof(inputs));
            return new(inputs.Memory<float>(), size);
        }

        var numbers = Converted(inputs, inputs.ToSingles, nameof(inputs));
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = scale * numbers[i] + offset;
        }

        Checked.Numbers(numbers, size, nameof(inputs));
        return new(numbers, size);
    }

    /// <summary>Numbers of another type, where a number that does not fit is the argument's fault.</summary>
    private static T[] Converted<T>(NumberArray array, Func<T[]> convert, string argument)
    {
        try
        {
            return convert();
        }
        catch (InvalidDataException e)
        {
            throw new ArgumentException($"{argument} {array}: {e.Message}", argument, e);
        }
    }
}
