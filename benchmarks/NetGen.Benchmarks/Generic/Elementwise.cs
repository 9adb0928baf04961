using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NetGen.Benchmarks.Generic;

/// <summary>What is done to every number by itself: activations and their slopes.</summary>
internal static class Elementwise
{
    /// <summary>y ← f(y).</summary>
    public static void Activate(Activation activation, Span<float> y)
    {
        switch (activation)
        {
            case Activation.Sigmoid:
                TensorPrimitives.Sigmoid(y, y);
                break;
            case Activation.Tanh:
                TensorPrimitives.Tanh(y, y);
                break;
            case Activation.ReLU:
                TensorPrimitives.Max(y, 0f, y);
                break;
        }
    }

    /// <summary>δ ← δ · f′, where f′ follows from y = f(z).</summary>
    public static void MultiplyBySlope(Activation activation, ReadOnlySpan<float> y, Span<float> delta)
    {
        switch (activation)
        {
            case Activation.Sigmoid:
                MultiplyBySigmoidSlope(y, delta);
                break;
            case Activation.Tanh:
                MultiplyByTanhSlope(y, delta);
                break;
            case Activation.ReLU:
                MultiplyByRectifierSlope(y, delta);
                break;
        }
    }

    /// <summary>b ← b + α · Σ over the rows of δ; lengths and strides are whole panels.</summary>
    public static void AddColumnSums(ReadOnlySpan<float> delta, int rowStride, int rows, float alpha, Span<float> bias)
    {
        ref var source = ref MemoryMarshal.GetReference(delta);
        var scale = new Vector<float>(alpha);
        for (var column = 0; column < bias.Length; column += Panel.Width)
        {
            var (sum0, sum1) = (Vector<float>.Zero, Vector<float>.Zero);
            ref var at = ref Unsafe.Add(ref source, column);
            for (var row = 0; row < rows; row++)
            {
                sum0 += Vector.LoadUnsafe(ref at);
                sum1 += Vector.LoadUnsafe(ref at, (nuint)Vector<float>.Count);
                at = ref Unsafe.Add(ref at, rowStride);
            }

            AddScaled(sum0, scale, ref bias[column]);
            AddScaled(sum1, scale, ref bias[column + Vector<float>.Count]);
        }
    }

    private static void AddScaled(Vector<float> sum, Vector<float> scale, ref float target) =>
        Vector.MultiplyAddEstimate(scale, sum, Vector.LoadUnsafe(ref target)).StoreUnsafe(ref target);

    private static void MultiplyBySigmoidSlope(ReadOnlySpan<float> y, Span<float> delta)
    {
        var outputs = MemoryMarshal.Cast<float, Vector<float>>(y);
        var deltas = MemoryMarshal.Cast<float, Vector<float>>(delta);
        for (var i = 0; i < deltas.Length && i < outputs.Length; i++)
        {
            deltas[i] *= outputs[i] * (Vector<float>.One - outputs[i]);
        }
    }

    private static void MultiplyByTanhSlope(ReadOnlySpan<float> y, Span<float> delta)
    {
        var outputs = MemoryMarshal.Cast<float, Vector<float>>(y);
        var deltas = MemoryMarshal.Cast<float, Vector<float>>(delta);
        for (var i = 0; i < deltas.Length && i < outputs.Length; i++)
        {
            deltas[i] *= Vector<float>.One - outputs[i] * outputs[i];
        }
    }

    private static void MultiplyByRectifierSlope(ReadOnlySpan<float> y, Span<float> delta)
    {
        var outputs = MemoryMarshal.Cast<float, Vector<float>>(y);
        var deltas = MemoryMarshal.Cast<float, Vector<float>>(delta);
        for (var i = 0; i < deltas.Length && i < outputs.Length; i++)
        {
            deltas[i] = Vector.ConditionalSelect(Vector.GreaterThan(outputs[i], Vector<float>.Zero), deltas[i], Vector<float>.Zero);
        }
    }
}
