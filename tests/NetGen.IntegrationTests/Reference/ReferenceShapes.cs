using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Reference;

/// <summary>A node of a declaration: the inputs come first, then the layers.</summary>
/// <param name="Name">Its name, given or counted.</param>
/// <param name="From">The nodes it takes.</param>
/// <param name="Shape">One sample's result: [features], [channels, length] or [channels, height, width].</param>
internal sealed record ReferenceNode(string Name, int[] From, int[] Shape)
{
    /// <summary>The numbers of one sample's result.</summary>
    public int Size => ReferenceShapes.Size(Shape);
}

/// <summary>Which node takes which, and what shape each gives: read off the declaration, not off the compiler's graph.</summary>
internal static class ReferenceShapes
{
    public static IReadOnlyList<ReferenceNode> Of(NetSpec spec)
    {
        var nodes = spec.AllInputs.Select(input => new ReferenceNode(input.Name, [], input.Shape)).ToList();
        for (var i = 0; i < spec.Layers.Count; i++)
        {
            var layer = spec.Layers[i];
            int[] from = layer.From is { } names ? [.. names.Select(name => nodes.FindIndex(node => node.Name == name))] : [nodes.Count - 1];
            nodes.Add(new(layer.Name ?? $"layer{i + 1}", from, Shape(layer, [.. from.Select(node => nodes[node].Shape)])));
        }

        return nodes;
    }

    public static int Size(int[] shape) => shape.Aggregate(1, (size, dimension) => size * dimension);

    private static int[] Shape(LayerSpec layer, int[][] from) => layer switch
    {
        DenseSpec dense => [dense.Units],
        LinearSpec linear => [linear.Units],
        ConvTransposeSpec transposed => ReferenceTransposed.Of(transposed, from[0]).ResultShape,
        ConvSpec convolution => ReferenceWindow.Of(convolution, from[0]).ResultShape(convolution.Filters),
        PoolSpec pool => ReferenceWindow.Of(pool, from[0]).ResultShape(from[0][0]),
        GlobalPoolSpec => [from[0][0]],
        ReshapeSpec reshape => reshape.Shape ?? [Size(from[0])],
        JoinSpec { Kind: "Concat" } => [from.Sum(shape => shape[0]), .. from[0][1..]],
        _ => from[0],
    };
}
