using System.Buffers;

namespace NetGen;

/// <summary>y = b + wᵀ ∗ x: forward the way back of a convolution over y, and back that convolution.</summary>
/// <param name="window">Where the kernel goes over y.</param>
/// <param name="groups">The groups of channels.</param>
/// <param name="weight">[channels of x, channels of y in a group · taps].</param>
/// <param name="bias">[channels of y]; null for none.</param>
internal sealed class TransposedConvolutionRule(ImageWindow window, int groups, float[] weight, float[]? bias) : NodeRule
{
    private readonly ConvolutionRule _convolution = new(window, groups, weight, null);

    public override void Forward(float[][] x, float[] y, int samples)
    {
        for (var i = 0; i < samples * window.Source.Size; i++)
        {
            y[i] = bias?[i / window.Source.Plane % bias.Length] ?? 0;
        }

        _convolution.Backward([], [], x[0], [y], samples);
    }

    public override void Backward(float[][] x, float[] y, float[] dy, float[][] dx, int samples)
    {
        var product = ArrayPool<float>.Shared.Rent(samples * window.Result.Size);
        _convolution.Forward([dy], product, samples);
        for (var i = 0; i < samples * window.Result.Size; i++)
        {
            dx[0][i] += product[i];
        }

        ArrayPool<float>.Shared.Return(product);
    }
}
