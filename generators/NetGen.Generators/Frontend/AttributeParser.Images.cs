using System;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Frontend;

/// <summary>Layers over images and sequences, and those that join nodes.</summary>
internal sealed partial class AttributeParser
{
    private LayerDeclaration? ImageLayer(AttributeReader reader, int anchor, string name, EquatableArray<string> from) => reader.Kind switch
    {
        "Conv2D" => Convolution(reader, anchor, name, from, 2),
        "Conv1D" => Convolution(reader, anchor, name, from, 1),
        "ConvTranspose2D" => Convolution(reader, anchor, name, from, 2),
        "ConvTranspose1D" => Convolution(reader, anchor, name, from, 1),
        "MaxPool2D" => Pool(reader, name, from, Pooling.Max, 2),
        "MaxPool1D" => Pool(reader, name, from, Pooling.Max, 1),
        "AvgPool2D" => Pool(reader, name, from, Pooling.Average, 2),
        "AvgPool1D" => Pool(reader, name, from, Pooling.Average, 1),
        "GlobalMaxPool" => new GlobalPoolDeclaration(name, from, Pooling.Max),
        "GlobalAvgPool" => new GlobalPoolDeclaration(name, from, Pooling.Average),
        "Flatten" => new ReshapeDeclaration(name, from, null),
        "Reshape" => new ReshapeDeclaration(name, from, (reader.Array("shape") ?? []).Select(size => size.Value is int value ? value : 0).ToEquatableArray()),
        "Add" => new JoinDeclaration(name, from, Joining.Add),
        "Multiply" => new JoinDeclaration(name, from, Joining.Multiply),
        "Concat" => new JoinDeclaration(name, from, Joining.Concat),
        _ => throw new InvalidOperationException($"no layer {reader.Kind}"),
    };

    private ConvolutionDeclaration? Convolution(AttributeReader reader, int anchor, string name, EquatableArray<string> from, int dimensions)
    {
        var sum = WeightedSum(reader, anchor);
        var stride = reader.Int("Stride", 1);
        var dilation = reader.Int("Dilation", 1);
        var padding = reader.Int("Padding", 0);
        Extent Directions(string option, int both) => dimensions == 1
            ? new(option.EndsWith("Padding", StringComparison.Ordinal) ? 0 : 1, both)
            : new(reader.Has($"{option}Height") ? reader.Int($"{option}Height", 0) : both, reader.Has($"{option}Width") ? reader.Int($"{option}Width", 0) : both);
        var window = new WindowDeclaration(
            Kernel(reader, dimensions), Directions("Stride", stride), dimensions == 1 ? new(1, dilation) : new(dilation, dilation), Directions("Padding", padding));
        return sum is not { } common
            ? null
            : new ConvolutionDeclaration(name, from, dimensions, reader.Int("filters"), window, reader.Int("Groups", 1), common.Activation, common.Bias, common.Weights, common.Biases)
            {
                Frozen = Frozen(reader, anchor),
                SharedWith = SharedWith(reader, anchor),
                IsTransposed = reader.Kind.StartsWith("ConvTranspose", StringComparison.Ordinal),
                OutputPadding = Directions("OutputPadding", reader.Int("OutputPadding", 0)),
            };
    }

    private static PoolDeclaration Pool(AttributeReader reader, string name, EquatableArray<string> from, Pooling pooling, int dimensions)
    {
        var kernel = Kernel(reader, dimensions);
        var (stride, padding) = (reader.Int("Stride", 0), reader.Int("Padding", 0));
        return new(name, from, pooling, dimensions, new(
            kernel,
            reader.Has("Stride") ? new(dimensions == 1 ? 1 : stride, stride) : new(Math.Max(1, kernel.Height), Math.Max(1, kernel.Width)),
            new(1, 1),
            new(dimensions == 1 ? 0 : padding, padding)));
    }

    private static Extent Kernel(AttributeReader reader, int dimensions)
    {
        var kernel = reader.Int("kernel", 0);
        return dimensions == 1 ? new(1, kernel) : reader.HasParameter("kernel") ? new(kernel, kernel) : new(reader.Int("kernelHeight"), reader.Int("kernelWidth"));
    }
}
