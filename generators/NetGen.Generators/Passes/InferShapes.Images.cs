using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Passes;

/// <summary>The shapes of layers over images and sequences, and of those that join nodes.</summary>
internal sealed partial class InferShapes
{
    private void AddConvolution(ConvolutionDeclaration layer, int anchor, EquatableArray<int> inputs, EquatableArray<int> shape, bool known)
    {
        CheckSize(layer.Filters, new(anchor, "filters"), $"the number of filters of '{layer.Name}'");
        var filters = System.Math.Max(1, layer.Filters);
        var source = ImageOf(layer, layer.Dimensions, anchor, shape, ref known);
        var groups = GroupsOf(layer, anchor, source.Channels, filters, known);
        var window = WindowOf(layer, layer.Dimensions, layer.Window, anchor, source, filters, "Padding", known);
        AddParameters(layer, (double)filters * (source.Channels / groups) * window.Kernel.Area, filters, new(anchor, "filters"));
        if ((double)filters * window.Result.Height * window.Result.Width > LargestBatch)
        {
            Error(ErrorIds.TooLarge, new(anchor, "filters"), $"A sample's result of '{layer.Name}'", Text((double)filters * window.Result.Height * window.Result.Width), Text(LargestBatch));
            window = window with { Result = new(1, 1, 1) };
        }

        CheckFunction(layer.Activation, anchor, "activation", window.Result.Size, known);
        var result = ShapeOf(window.Result, layer.Dimensions);
        CheckSoftmax(layer, layer.Activation, anchor, "activation", result);
        var convolution = Add(layer.Name, new ConvolutionOperation(window, groups, layer.Bias, layer.WeightInitializer, layer.BiasInitializer), inputs, result);
        if (layer.Activation.Kind != Activation.Identity)
        {
            Add(layer.Name, new ActivationOperation(layer.Activation), new([convolution]), result);
        }
    }

    /// <summary>The groups of a convolution; 1 where they are wrong.</summary>
    private int GroupsOf(ConvolutionDeclaration layer, int anchor, int channels, int filters, bool known)
    {
        CheckOption(layer.Groups >= 1, anchor, "Groups", "at least 1", layer.Groups);
        if (known && layer.Groups >= 1 && (channels % layer.Groups != 0 || filters % layer.Groups != 0))
        {
            Error(ErrorIds.GroupsDoNotDivide, new(anchor, "Groups"), Text(layer.Groups), Text(channels), layer.Name, Text(filters));
        }

        return layer.Groups >= 1 && channels % layer.Groups == 0 && filters % layer.Groups == 0 ? layer.Groups : 1;
    }

    private void AddPool(PoolDeclaration layer, int anchor, EquatableArray<int> inputs, EquatableArray<int> shape, bool known)
    {
        var source = ImageOf(layer, layer.Dimensions, anchor, shape, ref known);
        var (kernel, padding) = (layer.Window.Kernel, layer.Window.Padding);
        CheckOption(
            2 * padding.Height <= System.Math.Max(1, kernel.Height) && 2 * padding.Width <= System.Math.Max(1, kernel.Width), anchor, "Padding", "at most half the window", padding.Width);
        var window = WindowOf(layer, layer.Dimensions, layer.Window, anchor, source, source.Channels, "Padding", known);
        Add(layer.Name, new PoolOperation(layer.Pooling, window), inputs, ShapeOf(window.Result, layer.Dimensions));
    }

    /// <summary>One window as large as the image; its results are features.</summary>
    private void AddGlobalPool(GlobalPoolDeclaration layer, int anchor, EquatableArray<int> inputs, EquatableArray<int> shape, bool known)
    {
        if (known && shape.Count == 1)
        {
            Error(ErrorIds.NotImage, new(anchor), layer.Name, "images [channels, height, width] or sequences [channels, length]", SourceName(layer), string.Join(", ", shape));
        }

        var source = ImageShape.Of(shape);
        var size = new Extent(source.Height, source.Width);
        var window = new Window(source, new(source.Channels, 1, 1), size, size, new(1, 1), 0, 0);
        var pool = Add(layer.Name, new PoolOperation(layer.Pooling, window), inputs, new([source.Channels, 1, 1]));
        Add(layer.Name, new ReshapeOperation(), new([pool]), new([source.Channels]));
    }

    private void AddReshape(ReshapeDeclaration layer, int anchor, EquatableArray<int> inputs, EquatableArray<int> shape, bool known)
    {
        var size = shape.Aggregate(1, (product, dimension) => product * dimension);
        if (layer.Shape is not { } wanted)
        {
            Add(layer.Name, new ReshapeOperation(), inputs, new([size]));
            return;
        }

        for (var d = 0; d < wanted.Count; d++)
        {
            CheckSize(wanted[d], new(anchor, $"shape[{Text(d)}]"), $"dimension {Text(d + 1)} of '{layer.Name}'");
        }

        CheckOption(wanted.Count is >= 1 and <= 3, anchor, "shape", "one to three sizes", wanted.Count);
        var product = wanted.Aggregate(1.0, (all, dimension) => all * dimension);
        if (known && product != size && wanted.All(dimension => dimension >= 1))
        {
            Error(ErrorIds.ReshapeSize, new(anchor, "shape"), SourceName(layer), Text(size), string.Join(", ", wanted), Text(product));
        }

        // A wrong size is told once: what follows sees the shape that was meant.
        var isShape = wanted.Count is >= 1 and <= 3 && wanted.All(dimension => dimension >= 1) && product <= LargestBatch;
        Add(layer.Name, new ReshapeOperation(), inputs, isShape ? wanted : new([size]));
    }

    private void AddJoin(JoinDeclaration layer, int anchor)
    {
        if (layer.From.Count < 2)
        {
            Error(ErrorIds.SourceCount, new(anchor), layer.Name, Text(layer.From.Count), "two nodes or more");
            _taken.UnionWith(layer.From);
            Add(layer.Name, new JoinOperation(layer.Joining), [], new([1]));
            return;
        }

        var sources = Enumerable.Range(0, layer.From.Count).Select(k => Source(layer, anchor, k)).ToList();
        if (sources.Any(source => source is null))
        {
            Add(layer.Name, new JoinOperation(layer.Joining), [], new([1]));
            return;
        }

        var nodes = sources.Select(source => _nodes[source!.Value]).ToList();
        var joined = layer.Joining == Joining.Concat ? 1 : 0;
        for (var k = 1; k < nodes.Count; k++)
        {
            if (!nodes[k].Shape.Skip(joined).SequenceEqual(nodes[0].Shape.Skip(joined)) || nodes[k].Shape.Count != nodes[0].Shape.Count)
            {
                Error(
                    ErrorIds.ShapesDiffer, new(anchor, $"from[{Text(k)}]"), layer.Name, joined == 1 ? "that differ in their first size alone" : "of one shape",
                    layer.From[0], string.Join(", ", nodes[0].Shape), layer.From[k], string.Join(", ", nodes[k].Shape));
                break;
            }
        }

        var shape = layer.Joining == Joining.Concat ? nodes[0].Shape.Skip(1).Prepend(nodes.Sum(node => node.Shape[0])).ToEquatableArray() : nodes[0].Shape;
        Add(layer.Name, new JoinOperation(layer.Joining), nodes.Select(node => node.Id).ToEquatableArray(), shape);
    }

    /// <summary>What a window goes over; an error where that has not so many dimensions.</summary>
    private ImageShape ImageOf(LayerDeclaration layer, int dimensions, int anchor, EquatableArray<int> shape, ref bool known)
    {
        if (known && shape.Count != dimensions + 1)
        {
            known = false;
            Error(
                ErrorIds.NotImage, new(anchor), layer.Name, dimensions == 2 ? "images [channels, height, width]" : "sequences [channels, length]", SourceName(layer), string.Join(", ", shape));
        }

        return ImageShape.Of(shape);
    }

    private static string SourceName(LayerDeclaration layer) => layer.From.Count > 0 ? layer.From[0] : "input";

    private static EquatableArray<int> ShapeOf(ImageShape image, int dimensions) =>
        dimensions == 1 ? new([image.Channels, image.Width]) : new([image.Channels, image.Height, image.Width]);

    /// <summary>The window in numbers, and the shape of what it gives.</summary>
    private Window WindowOf(
        LayerDeclaration layer, int dimensions, WindowDeclaration window, int anchor, ImageShape source, int channels, string option, bool known)
    {
        CheckKernel(layer, dimensions, window.Kernel, anchor);
        CheckOption(window.Stride is { Height: >= 1, Width: >= 1 }, anchor, "Stride", "at least 1", System.Math.Min(window.Stride.Height, window.Stride.Width));
        CheckOption(window.Dilation is { Height: >= 1, Width: >= 1 }, anchor, "Dilation", "at least 1", System.Math.Min(window.Dilation.Height, window.Dilation.Width));
        CheckOption(
            window.Padding is { Height: >= -1 and <= 1 << 12, Width: >= -1 and <= 1 << 12 }, anchor, option, "from 0 to 4096, or Padding.Same", System.Math.Min(window.Padding.Height, window.Padding.Width));
        var fits = true;
        var (top, height) = Along(window.Kernel.Height, window.Stride.Height, window.Dilation.Height, window.Padding.Height, source.Height, "rows high");
        var (left, width) = Along(window.Kernel.Width, window.Stride.Width, window.Dilation.Width, window.Padding.Width, source.Width, dimensions == 1 ? "long" : "columns wide");
        return new(source, new(channels, height, width), AtLeastOne(window.Kernel), AtLeastOne(window.Stride), AtLeastOne(window.Dilation), top, left);

        // The zeros before the image and the number of results, along one direction.
        (int Before, int Results) Along(int kernel, int stride, int dilation, int padding, int size, string unit)
        {
            if (kernel < 1 || stride < 1 || dilation < 1 || padding < -1)
            {
                return (0, 1);
            }

            var reach = (kernel - 1L) * dilation + 1;
            if (padding == -1)
            {
                var results = (size + stride - 1) / stride;
                return ((int)System.Math.Max(0, (results - 1L) * stride + reach - size) / 2, results);
            }

            if (reach > size + 2L * padding)
            {
                if (known && fits)
                {
                    fits = false; // told once
                    Error(ErrorIds.WindowTooLarge, new(anchor), layer.Name, Text(reach), unit, SourceName(layer), Text(size + 2L * padding));
                }

                return (0, 1);
            }

            return (padding, (int)((size + 2L * padding - reach) / stride) + 1);
        }
    }

    private void CheckKernel(LayerDeclaration layer, int dimensions, Extent kernel, int anchor)
    {
        var kernelName = dimensions == 2 && kernel.Height != kernel.Width ? "kernelHeight" : "kernel";
        CheckSize(kernel.Height, new(anchor, kernelName), $"the kernel of '{layer.Name}'");
        if (kernel.Width != kernel.Height)
        {
            CheckSize(kernel.Width, new(anchor, dimensions == 2 ? "kernelWidth" : "kernel"), $"the kernel of '{layer.Name}'");
        }
    }

    private static Extent AtLeastOne(Extent extent) => new(System.Math.Max(1, extent.Height), System.Math.Max(1, extent.Width));

    private void CheckSoftmax(LayerDeclaration layer, ActivationFunction function, int anchor, string argument, EquatableArray<int> shape)
    {
        if (function.Kind == Activation.Softmax && shape.Count > 1)
        {
            Error(ErrorIds.SoftmaxOfImage, new(anchor, argument), SourceName(layer), string.Join(", ", shape), layer.Name);
        }
    }
}
