using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;

namespace NetGen.CompilerServices;

/// <summary>Checks of arguments; every message names the argument, what was expected and what came. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Check
{
    /// <summary>A length that must be exactly so.</summary>
    public static void Length(int actual, int expected, string argument, string subject)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"{subject} has {expected} numbers, but {argument} has {actual}.", argument);
        }
    }

    /// <summary>The inputs and outputs of a prediction.</summary>
    /// <returns>The number of samples.</returns>
    public static int Prediction(ReadOnlySpan<float> inputs, ReadOnlySpan<float> outputs, int inputSize, int outputSize)
    {
        var samples = Rows(inputs.Length, inputSize, nameof(inputs));
        Rows(outputs.Length, samples, outputSize, nameof(outputs));
        if (inputs.Overlaps(outputs))
        {
            throw new ArgumentException("outputs must not overlap inputs.", nameof(outputs));
        }

        return samples;
    }

    /// <summary>The inputs, as bytes, and outputs of a prediction.</summary>
    /// <returns>The number of samples.</returns>
    public static int BytePrediction(ReadOnlySpan<byte> inputs, ReadOnlySpan<float> outputs, int inputSize, int outputSize)
    {
        var samples = Rows(inputs.Length, inputSize, nameof(inputs));
        Rows(outputs.Length, samples, outputSize, nameof(outputs));
        if (inputs.Overlaps(MemoryMarshal.AsBytes(outputs)))
        {
            throw new ArgumentException("outputs must not overlap inputs.", nameof(outputs));
        }

        return samples;
    }

    /// <summary>The inputs and targets of a training step.</summary>
    /// <returns>The number of samples.</returns>
    public static int Batch(int inputs, int targets, int inputSize, int targetSize, int batchSize)
    {
        var samples = StepSamples(inputs, inputSize, batchSize);
        Rows(targets, samples, targetSize, nameof(targets));
        return samples;
    }

    /// <summary>The inputs and labels of a training step.</summary>
    /// <returns>The number of samples.</returns>
    public static int Batch(int inputs, ReadOnlySpan<int> labels, int inputSize, int classes, int batchSize)
    {
        var samples = StepSamples(inputs, inputSize, batchSize);
        Rows(labels.Length, samples, 1, nameof(labels));
        Labels(labels, classes);
        return samples;
    }

    /// <summary>Labels from 0 to classes − 1.</summary>
    public static void Labels(ReadOnlySpan<int> labels, int classes)
    {
        for (var i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classes)
            {
                ThrowLabel(labels[i], i, classes);
            }
        }
    }

    /// <summary>The predictions and targets of a loss.</summary>
    /// <returns>The number of samples, at least 1.</returns>
    public static int Loss(int outputs, int targets, int outputSize, int targetSize, string argument)
    {
        var samples = Rows(outputs, outputSize, nameof(outputs));
        if (samples == 0)
        {
            throw new ArgumentException("A mean loss needs at least 1 sample, but outputs is empty.", nameof(outputs));
        }

        Rows(targets, samples, targetSize, argument);
        return samples;
    }

    /// <summary>Gradients that belong to the network.</summary>
    public static void Gradients(Gradients into, Type network)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (into.Network != network)
        {
            throw new ArgumentException($"These gradients were made by {into.Network}, not by {network}.", nameof(into));
        }
    }

    /// <summary>A learning rate: finite, at least 0.</summary>
    public static float LearningRate(float value)
    {
        if (!(value >= 0 && float.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(value), string.Create(CultureInfo.InvariantCulture, $"LearningRate must be finite and at least 0, but is {value}."));
        }

        return value;
    }

    /// <summary>A count of steps: at least 0.</summary>
    public static long StepCount(long value)
    {
        if (value < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(value), string.Create(CultureInfo.InvariantCulture, $"StepCount must be at least 0, but is {value}."));
        }

        return value;
    }

    /// <summary>Training is one caller at a time.</summary>
    [DoesNotReturn]
    public static void ThrowConcurrentTraining() =>
        throw new InvalidOperationException("Another caller is training this network; training is one caller at a time (Predict is not limited).");

    /// <summary>The samples of a training step.</summary>
    private static int StepSamples(int inputs, int inputSize, int batchSize)
    {
        var samples = Rows(inputs, inputSize, nameof(inputs));
        if ((uint)(samples - 1) >= (uint)batchSize)
        {
            throw new ArgumentException(
                $"A step takes 1 to {batchSize} samples (BatchSize), but inputs holds {samples}.", nameof(inputs));
        }

        return samples;
    }

    private static int Rows(int length, int size, string argument)
    {
        var (rows, rest) = Math.DivRem(length, size);
        if (rest != 0)
        {
            throw new ArgumentException($"{argument} must hold whole rows of {size} numbers, but has {length}.", argument);
        }

        return rows;
    }

    private static void Rows(int length, int samples, int size, string argument)
    {
        if (length != (long)samples * size)
        {
            throw new ArgumentException(
                $"{argument} must hold {(long)samples * size} numbers ({samples} samples of {size}), but has {length}.", argument);
        }
    }

    [DoesNotReturn]
    private static void ThrowLabel(int label, int index, int classes) =>
        throw new ArgumentOutOfRangeException(
            "labels", string.Create(CultureInfo.InvariantCulture, $"labels[{index}] must be from 0 to {classes - 1}, but is {label}."));
}
