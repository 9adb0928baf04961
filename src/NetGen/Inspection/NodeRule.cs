using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace NetGen;

/// <summary>
/// How one value of a network comes from others, on rows of samples, when predicting; and how a gradient goes back. Rows are tight:
/// sample i of a value of s numbers stands at i·s. Nothing here changes, so many threads may use it.
/// </summary>
internal abstract class NodeRule
{
    /// <summary>y[n, size] = f(x).</summary>
    /// <param name="x">The rows of the values that it takes.</param>
    /// <param name="y">Takes the result.</param>
    /// <param name="samples">n.</param>
    public abstract void Forward(float[][] x, float[] y, int samples);

    /// <summary>Adds to dx what dy = ∂/∂y gives for each value that it takes.</summary>
    /// <param name="x">The rows of the values that it takes.</param>
    /// <param name="y">Its result.</param>
    /// <param name="dy">The gradient with respect to it.</param>
    /// <param name="dx">Those with respect to the values that it takes.</param>
    /// <param name="samples">n.</param>
    public abstract void Backward(float[][] x, float[] y, float[] dy, float[][] dx, int samples);
}

/// <summary>y[n, units] = x[n, inputs]·Wᵀ + b, W[units, inputs].</summary>
internal sealed class ProductRule(float[] weight, float[]? bias, int inputs, int units) : NodeRule
{
    private readonly PanelMatrix _forward = new(weight, inputs, units, transposed: true, bias);
    private readonly Lazy<PanelMatrix> _backward = new(() => new(weight, units, inputs, transposed: false));

    public override void Forward(float[][] x, float[] y, int samples) => _forward.Multiply(x[0], y, samples);

    /// <summary>dx = dy·W.</summary>
    public override void Backward(float[][] x, float[] y, float[] dy, float[][] dx, int samples)
    {
        var product = ArrayPool<float>.Shared.Rent(samples * inputs);
        _backward.Value.Multiply(dy, product, samples);
        for (var i = 0; i < samples * inputs; i++)
        {
            dx[0][i] += product[i];
        }

        ArrayPool<float>.Shared.Return(product);
    }
}

/// <summary>y = f(x), number by number.</summary>
internal sealed class ElementwiseRule(NodeActivation activation, int size) : NodeRule
{
    private readonly (Func<double, double> Value, Func<double, double> Slope) _function = ActivationMath.Of(activation);

    public override void Forward(float[][] x, float[] y, int samples)
    {
        var from = x[0].AsSpan(0, samples * size);
        var to = y.AsSpan(0, samples * size);
        switch (activation.Kind)
        {
            case Activation.ReLU:
                Rectify(from, to);
                break;
            case Activation.Tanh:
                Tanh(from, to);
                break;
            default:
                for (var i = 0; i < from.Length; i++)
                {
                    to[i] = (float)_function.Value(from[i]);
                }

                break;
        }
    }

    public override void Backward(float[][] x, float[] y, float[] dy, float[][] dx, int samples)
    {
        for (var i = 0; i < samples * size; i++)
        {
            dx[0][i] += (float)(dy[i] * _function.Slope(x[0][i]));
        }
    }

    /// <summary>The one that most networks have, and most pictures are drawn of.</summary>
    private static void Rectify(ReadOnlySpan<float> x, Span<float> y)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(x);
        var into = MemoryMarshal.Cast<float, Vector<float>>(y);
        for (var i = 0; i < vectors.Length; i++)
        {
            into[i] = Vector.Max(vectors[i], Vector<float>.Zero);
        }

        for (var i = vectors.Length * Vector<float>.Count; i < x.Length; i++)
        {
            y[i] = Math.Max(x[i], 0);
        }
    }

    /// <summary>The one of the first convolutional networks, whose images have many numbers; each has the same bits wherever it stands.</summary>
    private static void Tanh(ReadOnlySpan<float> x, Span<float> y)
    {
        var i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(x[i..]), out var low, out var high);
            Vector.Narrow(Tanh(low), Tanh(high)).CopyTo(y[i..]);
        }

        for (; i < x.Length; i++)
        {
            y[i] = (float)Tanh(new Vector<double>(x[i]))[0];
        }
    }

    /// <summary>1 − 2/(e^2z + 1), and z − z³/3 where that would cancel.</summary>
    private static Vector<double> Tanh(Vector<double> z) => Vector.ConditionalSelect(
        Vector.LessThan(Vector.Abs(z), new Vector<double>(1e-3)),
        z - z * z * z / 3,
        Vector<double>.One - new Vector<double>(2) / (Vector.Exp(z + z) + Vector<double>.One));
}

/// <summary>y = e^x / Σ e^x over a row.</summary>
internal sealed class SoftmaxRule(int size) : NodeRule
{
    public override void Forward(float[][] x, float[] y, int samples)
    {
        for (var i = 0; i < samples * size; i += size)
        {
            ActivationMath.Softmax(x[0].AsSpan(i, size), y.AsSpan(i, size));
        }
    }

    /// <summary>dx = y·(dy − Σ y·dy).</summary>
    public override void Backward(float[][] x, float[] y, float[] dy, float[][] dx, int samples)
    {
        for (var start = 0; start < samples * size; start += size)
        {
            var sum = 0.0;
            for (var i = start; i < start + size; i++)
            {
                sum += (double)y[i] * dy[i];
            }

            for (var i = start; i < start + size; i++)
            {
                dx[0][i] += (float)(y[i] * (dy[i] - sum));
            }
        }
    }
}

/// <summary>
/// y = scale·(x − mean) + shift, feature by feature or channel by channel: a batch normalisation with its running figures.
/// </summary>
/// <param name="scale">A number for each feature or channel, as the others.</param>
/// <param name="mean">The running means.</param>
/// <param name="shift">What is added.</param>
/// <param name="places">The numbers of a channel; 1 for features.</param>
internal sealed class ScaleRule(float[] scale, float[] mean, float[] shift, int places) : NodeRule
{
    public override void Forward(float[][] x, float[] y, int samples)
    {
        for (var i = 0; i < samples * scale.Length * places; i++)
        {
            var channel = i / places % scale.Length;
            y[i] = scale[channel] * (x[0][i] - mean[channel]) + shift[channel];
        }
    }

    public override void Backward(float[][] x, float[] y, float[] dy, float[][] dx, int samples)
    {
        for (var i = 0; i < samples * scale.Length * places; i++)
        {
            dx[0][i] += scale[i / places % scale.Length] * dy[i];
        }
    }
}

/// <summary>y = γ·x̂ + β, x̂ = (x − μ)/√(σ² + ε), with μ and σ² of each sample over its features.</summary>
internal sealed class LayerNormRule(float[] weight, float[] bias, double epsilon) : NodeRule
{
    private readonly int _size = weight.Length;

    public override void Forward(float[][] x, float[] y, int samples)
    {
        for (var start = 0; start < samples * _size; start += _size)
        {
            var (mean, inverse) = Figures(x[0].AsSpan(start, _size));
            for (var f = 0; f < _size; f++)
            {
                y[start + f] = (float)(weight[f] * (x[0][start + f] - mean) * inverse + bias[f]);
            }
        }
    }

    /// <summary>dx = (g − mean g − x̂·mean(g·x̂))/√(σ² + ε), g = γ·dy.</summary>
    public override void Backward(float[][] x, float[] y, float[] dy, float[][] dx, int samples)
    {
        for (var start = 0; start < samples * _size; start += _size)
        {
            var (mean, inverse) = Figures(x[0].AsSpan(start, _size));
            var (sum, product) = (0.0, 0.0);
            for (var f = 0; f < _size; f++)
            {
                var g = (double)weight[f] * dy[start + f];
                sum += g;
                product += g * (x[0][start + f] - mean) * inverse;
            }

            for (var f = 0; f < _size; f++)
            {
                var normal = (x[0][start + f] - mean) * inverse;
                dx[0][start + f] += (float)(((double)weight[f] * dy[start + f] - sum / _size - normal * product / _size) * inverse);
            }
        }
    }

    private (double Mean, double Inverse) Figures(ReadOnlySpan<float> row)
    {
        var (mean, variance) = (0.0, 0.0);
        foreach (var number in row)
        {
            mean += number;
        }

        mean /= row.Length;
        foreach (var number in row)
        {
            variance += (number - mean) * (number - mean);
        }

        return (mean, 1 / Math.Sqrt(variance / row.Length + epsilon));
    }
}

/// <summary>y = x + b.</summary>
/// <param name="bias">A number for each feature or channel.</param>
/// <param name="places">The numbers of a channel; 1 for features.</param>
internal sealed class BiasRule(float[] bias, int places) : NodeRule
{
    public override void Forward(float[][] x, float[] y, int samples)
    {
        for (var i = 0; i < samples * bias.Length * places; i++)
        {
            y[i] = x[0][i] + bias[i / places % bias.Length];
        }
    }

    public override void Backward(float[][] x, float[] y, float[] dy, float[][] dx, int samples)
    {
        for (var i = 0; i < samples * bias.Length * places; i++)
        {
            dx[0][i] += dy[i];
        }
    }
}

/// <summary>y = x: the same numbers in another shape; dropout and noise, which predictions do without.</summary>
internal sealed class SameRule(int size) : NodeRule
{
    public override void Forward(float[][] x, float[] y, int samples) => x[0].AsSpan(0, samples * size).CopyTo(y);

    public override void Backward(float[][] x, float[] y, float[] dy, float[][] dx, int samples)
    {
        for (var i = 0; i < samples * size; i++)
        {
            dx[0][i] += dy[i];
        }
    }
}
