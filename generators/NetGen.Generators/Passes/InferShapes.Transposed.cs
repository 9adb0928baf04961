using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Passes;

/// <summary>The shapes of transposed convolutions, and what can be wrong with them.</summary>
internal sealed partial class InferShapes
{
    private void AddTransposed(ConvolutionDeclaration layer, int anchor, EquatableArray<int> inputs, EquatableArray<int> shape, bool known)
    {
        CheckSize(layer.Filters, new(anchor, "filters"), $"the number of filters of '{layer.Name}'");
        var filters = System.Math.Max(1, layer.Filters);
        var source = ImageOf(layer, layer.Dimensions, anchor, shape, ref known);
        var groups = GroupsOf(layer, anchor, source.Channels, filters, known);
        CheckKernel(layer, layer.Dimensions, layer.Window.Kernel, anchor);
        var kernel = AtLeastOne(layer.Window.Kernel);
        AddParameters(layer, (double)source.Channels * (filters / groups) * kernel.Height * kernel.Width, filters, new(anchor, "filters"));
        var (top, height) = Along(layer, anchor, isHeight: true, source.Height, "rows", known);
        var (left, width) = Along(layer, anchor, isHeight: false, source.Width, layer.Dimensions == 1 ? "numbers" : "columns", known);
        var result = new ImageShape(filters, 1, 1);
        if ((double)filters * height * width > LargestBatch)
        {
            Error(ErrorIds.TooLarge, new(anchor, "filters"), $"A sample's result of '{layer.Name}'", Text((double)filters * height * width), Text(LargestBatch));
        }
        else
        {
            result = new(filters, (int)height, (int)width);
        }

        // The convolution whose way back this is takes the result and gives the source.
        var window = new Window(result, source, kernel, AtLeastOne(layer.Window.Stride), AtLeastOne(layer.Window.Dilation), top, left);
        var sizes = ShapeOf(result, layer.Dimensions);
        CheckFunction(layer.Activation, anchor, "activation", result.Size, known);
        CheckSoftmax(layer, layer.Activation, anchor, "activation", sizes);
        var operation = new ConvolutionOperation(window, groups, layer.Bias, layer.WeightInitializer, layer.BiasInitializer) { IsTransposed = true };
        var convolution = Add(layer.Name, operation, inputs, sizes);
        if (layer.Activation.Kind != Activation.Identity)
        {
            Add(layer.Name, new ActivationOperation(layer.Activation), new([convolution]), sizes);
        }
    }

    /// <summary>What is cut off before the result along one direction, and the result's size; 0 and 1 where an option is wrong.</summary>
    private (int Before, long Size) Along(ConvolutionDeclaration layer, int anchor, bool isHeight, int size, string unit, bool known)
    {
        if (isHeight && layer.Dimensions == 1)
        {
            return (0, 1);
        }

        int Of(Extent both) => isHeight ? both.Height : both.Width;
        var window = layer.Window;
        var (kernel, stride, dilation, padding, more) = (Of(window.Kernel), Of(window.Stride), Of(window.Dilation), Of(window.Padding), Of(layer.OutputPadding));
        var most = System.Math.Max(stride, dilation);
        var isSensible = Holds(stride >= 1, "Stride", window.Stride, "at least 1")
            & Holds(dilation >= 1, "Dilation", window.Dilation, "at least 1")
            & Holds(padding is >= Same and <= 1 << 12, "Padding", window.Padding, "from 0 to 4096, or Padding.Same")
            && Holds(more >= 0 && more < most, "OutputPadding", layer.OutputPadding, $"from 0 to below the larger of stride and dilation, {Text(most)}");
        if (!isSensible || kernel < 1)
        {
            return (0, 1);
        }

        var reach = (kernel - 1L) * dilation + 1;
        if (padding == Same)
        {
            if (more > 0)
            {
                Once(ErrorIds.OptionDoesNotApply, "OutputPadding", layer.OutputPadding, Name("OutputPadding", layer.OutputPadding), "Padding as a number", "Padding.Same");
            }

            if (reach < stride)
            {
                Once(ErrorIds.SameOutOfReach, "Padding", window.Padding, layer.Name, Text(stride), Text(reach));
                return (0, 1);
            }

            return ((int)(System.Math.Min(reach - stride, int.MaxValue) / 2), (long)size * stride);
        }

        var all = (size - 1L) * stride + reach + more;
        if (all > 2 * padding)
        {
            return (padding, all - 2 * padding);
        }

        if (known)
        {
            Once(ErrorIds.NothingLeft, "Padding", window.Padding, layer.Name, Text(all), unit, Text(padding));
        }

        return (0, 1);

        bool Holds(bool holds, string option, Extent both, string expected)
        {
            if (!holds)
            {
                Once(ErrorIds.OptionOutOfRange, option, both, Name(option, both), expected, Text(Of(both)));
            }

            return holds;
        }

        // What is wrong with an option for both directions is told once.
        void Once(string id, string option, Extent both, params string[] arguments)
        {
            var place = new Anchor(anchor, Name(option, both));
            if (!_errors.Any(error => error.Id == id && error.Anchor == place))
            {
                Error(id, place, arguments);
            }
        }

        string Name(string option, Extent both) => layer.Dimensions == 1 || both.Height == both.Width ? option : option + (isHeight ? "Height" : "Width");
    }

    /// <summary>The padding that the compiler chooses.</summary>
    private const int Same = -1;
}
