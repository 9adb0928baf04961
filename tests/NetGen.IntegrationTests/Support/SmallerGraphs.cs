namespace NetGen.IntegrationTests.Support;

/// <summary>Of a declaration that shows a fault, a smaller one that still does.</summary>
internal static class SmallerGraphs
{
    /// <summary>The most declarations that are tried.</summary>
    private const int MostTries = 150;

    /// <summary>Leaves out what can be left out.</summary>
    /// <param name="spec">The declaration.</param>
    /// <param name="fails">Whether a declaration shows the fault; of one that is not valid: no.</param>
    public static NetSpec Smallest(NetSpec spec, Func<NetSpec, bool> fails)
    {
        var tries = 0;
        var smallest = spec;
        for (var found = true; found;)
        {
            found = false;
            foreach (var smaller in Smaller(smallest))
            {
                if (++tries > MostTries)
                {
                    return smallest;
                }

                if (fails(smaller))
                {
                    (smallest, found) = (smaller, true);
                    break;
                }
            }
        }

        return smallest;
    }

    /// <summary>The net up to each of its layers; without each layer that keeps the shape; with each join of one node fewer; without options.</summary>
    private static IEnumerable<NetSpec> Smaller(NetSpec spec)
    {
        var nodes = Reference.ReferenceShapes.Of(spec);
        var inputs = spec.AllInputs.Count;
        var layers = spec.Layers.Select((layer, i) => layer with { Name = nodes[inputs + i].Name, From = [.. nodes[inputs + i].From.Select(node => nodes[node].Name)] }).ToList();
        for (var k = 0; k + 1 < layers.Count; k++)
        {
            yield return Of(spec, layers.Take(k + 1)) with { Training = spec.Training! with { Loss = Loss.HalfSquaredError }, OutputList = null, Losses = null };
        }

        for (var k = 0; k < layers.Count; k++)
        {
            var (without, kept) = (nodes[inputs + k], nodes[nodes[inputs + k].From[0]]);
            if (without.Shape.SequenceEqual(kept.Shape) && layers.Count > 1)
            {
                string Renamed(string name) => name == without.Name ? kept.Name : name;
                var others = layers.Where((_, i) => i != k);
                yield return Of(spec, others.Select(layer => layer with { From = [.. layer.From!.Select(Renamed)] })) with
                {
                    OutputList = spec.OutputList?.Select(Renamed).ToList(),
                    Losses = spec.Losses?.Select(loss => loss with { Node = Renamed(loss.Node) }).ToList(),
                };
            }

            if (layers[k] is JoinSpec { From.Length: > 2 } join && join.Kind != "Concat")
            {
                for (var left = 0; left < join.From!.Length; left++)
                {
                    yield return Of(spec, [.. layers.Take(k), join with { From = [.. join.From!.Where((_, i) => i != left)] }, .. layers.Skip(k + 1)]);
                }
            }
        }

        if (spec.Training!.Optimizer.Kind != Optimizer.Sgd)
        {
            yield return spec with { Training = spec.Training with { Optimizer = new(Optimizer.Sgd) } };
        }
    }

    /// <summary>The layers on which the last one, or an output, depends.</summary>
    private static NetSpec Of(NetSpec spec, IEnumerable<LayerSpec> layers)
    {
        var all = layers.ToList();
        var needed = new HashSet<string>(spec.OutputList ?? spec.Losses?.Select(loss => loss.Node) ?? []) { all[^1].Name! };
        for (var k = all.Count - 1; k >= 0; k--)
        {
            if (needed.Contains(all[k].Name!))
            {
                needed.UnionWith(all[k].From!);
            }
        }

        return spec with { Layers = [.. all.Where(layer => needed.Contains(layer.Name!))] };
    }
}
