using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Passes;

/// <summary>Several inputs in one row, several outputs in one row, and the losses of these.</summary>
internal sealed partial class InferShapes
{
    /// <summary>The nodes that predictions consist of; null for one that an error was reported of.</summary>
    private readonly List<int?> _outputs = [];

    /// <summary>The row of all inputs, where there are several.</summary>
    private void AddInputRow()
    {
        if (InputCount < 2)
        {
            return;
        }

        var size = _declaration.Inputs.Sum(SizeOf);
        if (size > LargestBatch && _declaration.Inputs.All(input => SizeOf(input) <= LargestBatch))
        {
            Error(ErrorIds.TooLarge, new(InputCount - 1, "shape"), "A sample of all inputs", Text(size), Text(LargestBatch));
        }

        Add("inputs", new InputOperation(), [], new([size > LargestBatch ? 1 : (int)size]));
    }

    private int AddSlice(string name, int input, EquatableArray<int> shape)
    {
        var first = _declaration.Inputs.Take(input).Sum(SizeOf);
        return Add(name, new SliceOperation(first > LargestBatch ? 0 : (int)first), new([0]), shape);
    }

    private static double SizeOf(InputDeclaration input) => input.Shape.Aggregate(1.0, (size, dimension) => size * System.Math.Max(1, dimension));

    /// <summary>Which input a node is; −1 for none.</summary>
    private int InputOf(int node) => _nodes[node].Operation is InputOperation or SliceOperation ? _declaration.Inputs.ToList().FindIndex(input => input.Name == _nodes[node].Name) : -1;

    /// <summary>The names of the nodes so far, for messages.</summary>
    private string Known => string.Join(", ", _results.Keys.Select(each => $"'{each}'"));

    /// <summary>What predictions consist of: the nodes that are named, else the last layer.</summary>
    private void FindOutputs()
    {
        var isGiven = _declaration.Train?.Losses.All(loss => loss.Node is null) ?? true;
        Anchor At(int k) => isGiven || !_declaration.Outputs.SequenceEqual(_declaration.Train!.Losses.Select(loss => loss.Node))
            ? new(_declaration.OutputAnchor, $"nodes[{Text(k)}]")
            : _declaration.AtLoss(k, "node");
        for (var k = 0; k < _declaration.Outputs.Count; k++)
        {
            var name = _declaration.Outputs[k];
            var isKnown = _results.TryGetValue(name, out var id) && _nodes[id].Name == name;
            _outputs.Add(isKnown ? id : null);
            if (!isKnown)
            {
                Error(ErrorIds.UnknownOutput, At(k), name, Known);
            }
            else if (_declaration.Outputs.Take(k).Contains(name))
            {
                Error(ErrorIds.OutputTwice, At(k), name);
            }
        }

        if (_outputs.Count == 0 && _nodes.Count > 0)
        {
            _outputs.Add(_nodes.Count - 1);
        }
    }

    private bool IsOutput(string name) => _outputs.Contains(null) || _outputs.Any(id => _nodes[id!.Value].Name == name);

    /// <summary>Outputs are rows, one after another: an image leaves the network flattened.</summary>
    /// <returns>The node of all outputs, and those of the losses.</returns>
    private (int Output, List<int> Losses) AddOutputs()
    {
        var flat = _outputs.OfType<int>().Distinct().ToDictionary(id => id, Flattened);
        var parts = _outputs.OfType<int>().Select(id => flat[id]).ToList();
        var output = parts.Count == 1 ? parts[0] : Add("outputs", new JoinOperation(Joining.Concat), parts.ToEquatableArray(), new([parts.Sum(id => _nodes[id].Size)]));
        var losses = _declaration.Train?.Losses.Select(loss => loss.Node is { } node && _results.TryGetValue(node, out var id) && flat.TryGetValue(id, out var row) ? row : output).ToList();
        return (output, losses ?? []);
    }

    /// <summary>
    /// An output as features. A sigmoid goes behind the flattening, for a cross-entropy takes its argument; that of the image stays for other layers
    /// that take it.
    /// </summary>
    private int Flattened(int id)
    {
        var output = _nodes[id];
        if (output.IsFlat)
        {
            return id;
        }

        EquatableArray<int> features = new([output.Size]);
        if (output.Operation is not ActivationOperation { Function.Kind: Activation.Sigmoid })
        {
            return Add(output.Name, new ReshapeOperation(), new([id]), features);
        }

        if (id == _nodes.Count - 1)
        {
            _nodes.RemoveAt(id);
        }

        return Add(output.Name, output.Operation, new([Add(output.Name, new ReshapeOperation(), output.Inputs, features)]), features);
    }

    private void CheckLosses(TrainDeclaration train)
    {
        for (var k = 0; k < train.Losses.Count; k++)
        {
            var loss = train.Losses[k];
            var anchor = _declaration.AtLoss(k, "loss");
            CheckOption(IsPositive(loss.HuberDelta), anchor.Attribute, "HuberDelta", "a finite number above 0", loss.HuberDelta);
            CheckOption(IsPositive(loss.Weight), anchor.Attribute, "Weight", "a finite number above 0", loss.Weight);
            if (loss.Node is { } name && _results.TryGetValue(name, out var node) && _nodes[node].Name == name)
            {
                if (!_outputs.Contains(node))
                {
                    Error(ErrorIds.LossOfNoOutput, _declaration.AtLoss(k, "node"), name, string.Join(", ", _declaration.Outputs.Select(output => $"'{output}'")));
                }
                else if (train.Losses.Take(k).Any(earlier => earlier.Node == name) && !_declaration.Outputs.SequenceEqual(train.Losses.Select(each => each.Node)))
                {
                    Error(ErrorIds.OutputTwice, _declaration.AtLoss(k, "node"), name);
                }
            }

            var of = loss.Node is null ? _outputs.Count == 1 ? _outputs[0] : null : _results.TryGetValue(loss.Node, out var id) ? id : null;
            if (of is { } output && _declaration.Layers.Count > 0)
            {
                var layer = _declaration.Layers.ToList().FindIndex(each => each.Name == _nodes[output].Name);
                LossRules.Check(loss.Loss, _nodes[output], anchor, layer < 0 ? null : (InputCount + layer, _declaration.Layers[layer]), _errors);
            }
        }

        if (_errors.Count == 0)
        {
            CheckPathsToLosses(train);
        }
    }

    /// <summary>Whether everything that could learn does: a layer that no loss depends on has no gradient.</summary>
    private void CheckPathsToLosses(TrainDeclaration train)
    {
        var reaches = new bool[_nodes.Count];
        foreach (var loss in train.Losses)
        {
            foreach (var output in loss.Node is { } name ? [_results[name]] : _outputs.OfType<int>())
            {
                reaches[output] = true;
            }
        }

        foreach (var node in _nodes.AsEnumerable().Reverse().Where(node => reaches[node.Id]))
        {
            foreach (var input in node.Inputs)
            {
                reaches[input] = true;
            }
        }

        for (var i = 0; i < InputCount; i++)
        {
            if (!reaches[_results[_declaration.Inputs[i].Name]])
            {
                Error(ErrorIds.NoPathToLoss, new(i), _declaration.Inputs[i].Name, "has no gradient");
            }
        }

        for (var i = 0; i < _declaration.Layers.Count; i++)
        {
            var layer = _declaration.Layers[i];
            if (LayerRuleChecks.HasParameters(layer) && !layer.Frozen && !reaches[_results[layer.Name]])
            {
                Error(ErrorIds.NoPathToLoss, new(InputCount + i), layer.Name, "cannot learn: add a [Loss], or freeze it with Frozen = true");
            }
        }
    }
}
