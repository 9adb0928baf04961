using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>
/// Where the compiler keeps a parameter's numbers. A matrix stands in panels of 32 columns: panel p holds, for each of the
/// <c>inputs</c> rows, the weights to outputs 32p … 32p + width − 1, side by side; the last panel may be 16 wide. Padding is zero.
/// For generated code; its form may change with the compiler.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ParameterLayout
{
    /// <summary>The width of every panel but the last.</summary>
    public const int PanelWidth = 32;

    private readonly int _inputs;
    private readonly int _outputs;
    private readonly int _lastWidth;

    private ParameterLayout(int inputs, int outputs, int lastWidth) => (_inputs, _outputs, _lastWidth) = (inputs, outputs, lastWidth);

    /// <summary>The numbers that the parameter has.</summary>
    internal int Length => _inputs * _outputs;

    /// <summary>The floats that it takes, padding included.</summary>
    internal int Size => _lastWidth == 0 ? _outputs : ((_outputs - 1) / PanelWidth * PanelWidth + _lastWidth) * _inputs;

    /// <summary>A vector: numbers one after the other.</summary>
    /// <param name="length">The count of numbers.</param>
    public static ParameterLayout Vector(int length) => new(1, length, 0);

    /// <summary>A dense layer's weight, [outputs, inputs] outside, panels of outputs inside.</summary>
    /// <param name="inputs">The rows of each panel.</param>
    /// <param name="outputs">The columns over all panels.</param>
    /// <param name="lastWidth">The last panel's width, 16 or 32.</param>
    /// <exception cref="ArgumentOutOfRangeException">The last panel is neither 16 nor 32 wide, or too narrow for its columns.</exception>
    public static ParameterLayout Panels(int inputs, int outputs, int lastWidth)
    {
        if (lastWidth is not (PanelWidth / 2 or PanelWidth) || (outputs - 1) % PanelWidth >= lastWidth)
        {
            throw new ArgumentOutOfRangeException(
                nameof(lastWidth),
                lastWidth,
                $"The last panel over {outputs} outputs must be 16 or 32 wide and hold its columns, but lastWidth is {lastWidth}.");
        }

        return new(inputs, outputs, lastWidth);
    }

    /// <summary>Where a number stands that has this place in PyTorch's order.</summary>
    internal int At(int index)
    {
        if (_lastWidth == 0)
        {
            return index;
        }

        var (output, input) = Math.DivRem(index, _inputs);
        var (start, width) = Column(output);
        return start + input * width;
    }

    internal void CopyOut(ReadOnlySpan<float> block, Span<float> tensor)
    {
        if (_lastWidth == 0)
        {
            block[.._outputs].CopyTo(tensor);
            return;
        }

        for (var output = 0; output < _outputs; output++)
        {
            var (start, width) = Column(output);
            for (var input = 0; input < _inputs; input++)
            {
                tensor[output * _inputs + input] = block[start + input * width];
            }
        }
    }

    internal void CopyIn(ReadOnlySpan<float> tensor, Span<float> block)
    {
        if (_lastWidth == 0)
        {
            tensor.CopyTo(block);
            return;
        }

        for (var output = 0; output < _outputs; output++)
        {
            var (start, width) = Column(output);
            for (var input = 0; input < _inputs; input++)
            {
                block[start + input * width] = tensor[output * _inputs + input];
            }
        }
    }

    /// <summary>Where the column of an output starts, and the step from one input's weight to the next.</summary>
    private (int Start, int Width) Column(int output)
    {
        var panel = output / PanelWidth;
        var width = panel == (_outputs - 1) / PanelWidth ? _lastWidth : PanelWidth;
        return (panel * _inputs * PanelWidth + output % PanelWidth, width);
    }
}
