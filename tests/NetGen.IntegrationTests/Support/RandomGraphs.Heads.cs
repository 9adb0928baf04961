namespace NetGen.IntegrationTests.Support;

/// <content>Several outputs with losses of their own.</content>
internal sealed partial class RandomGraphs
{
    /// <summary>
    /// The nodes that no layer takes yet are outputs, some behind a layer of their own; so is sometimes a node that others take, with a loss or
    /// without one.
    /// </summary>
    private NetSpec WithHeads()
    {
        List<int> outputs = [];
        foreach (var open in _open.ToArray())
        {
            var before = _nodes.Count;
            if (open < _inputs.Count || _random.Next(2) == 0)
            {
                Head(open);
            }

            outputs.Add(_nodes.Count > before ? _nodes.Count - 1 : open);
        }

        var inner = _random.Next(_inputs.Count, _nodes.Count);
        var hasLoss = _random.Next(3) > 0;
        var losses = outputs.Concat(hasLoss && !outputs.Contains(inner) ? [inner] : []).Select(node => new LossSpec(_nodes[node].Name, LossOf(node)) { Weight = Of<double>([1, 1, 0.3, 2]) }).ToList();
        if (!outputs.Contains(inner))
        {
            outputs.Insert(_random.Next(outputs.Count + 1), inner);
        }

        var isGiven = !hasLoss || _random.Next(2) == 0;
        return Spec(_layers) with { Training = Training(), Losses = losses, OutputList = isGiven ? [.. outputs.Select(node => _nodes[node].Name)] : null };
    }

    private void Head(int node)
    {
        if (_nodes[node].Shape.Length > 1)
        {
            Add(Size(_nodes[node].Shape) > 100 ? new GlobalPoolSpec(IsMaximum: false) : new ReshapeSpec(), node);
            node = _nodes.Count - 1;
        }

        var function = _random.Next(6) switch { 0 => Activation.Softmax, 1 => Activation.Sigmoid, 2 => Activation.Tanh, _ => Activation.Identity };
        Add(new DenseSpec(_random.Next(function == Activation.Softmax ? 2 : 1, 9), new(function)), node);
    }
}
