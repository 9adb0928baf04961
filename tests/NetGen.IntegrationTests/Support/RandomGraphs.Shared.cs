namespace NetGen.IntegrationTests.Support;

/// <content>Layers that use the parameters of others.</content>
internal sealed partial class RandomGraphs
{
    /// <summary>A layer that was drawn before, with its weights, on a node that they fit; null where there is none.</summary>
    private (LayerSpec Layer, int Source)? Sharing()
    {
        var layers = Enumerable.Range(0, _layers.Count).Where(k => _layers[k] is DenseSpec or ConvSpec).ToArray();
        if (layers.Length == 0)
        {
            return null;
        }

        var chosen = Of(layers);
        var taken = _nodes[_layers[chosen].From is { } from ? _nodes.FindIndex(node => node.Name == from[0]) : _inputs.Count + chosen - 1].Shape;
        var isImage = _layers[chosen] is ConvSpec;
        var fitting = Enumerable.Range(0, _nodes.Count).Where(node => _nodes[node].Shape.Length == taken.Length && _nodes[node].Shape[0] == taken[0]).ToArray();
        var layer = _layers[chosen] with { Name = null, From = null, SharedWith = _nodes[_inputs.Count + chosen].Name };
        return (layer switch
        {
            ConvSpec convolution => convolution with { Function = Function(), Padding = (Padding.Same, Padding.Same), Stride = (1, 1) },
            DenseSpec dense => dense with { Function = Function() },
            _ => layer,
        }, Of(fitting));
    }
}
