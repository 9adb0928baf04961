using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Frontend;

/// <summary>What a network predicts and what it minimises.</summary>
internal sealed partial class AttributeParser
{
    /// <summary>The nodes that predictions consist of, in order: those of <c>[Output]</c>, else those with losses of their own.</summary>
    public EquatableArray<string> Outputs() =>
        (attributes.Output?.Array("nodes") is { } nodes ? nodes.Select(node => node.Value as string ?? "") : attributes.Losses.Select(loss => loss.String("node") ?? "")).ToEquatableArray();

    /// <summary>The loss that <c>[Train]</c> names, or those of <c>[Loss]</c>; null where one cannot be read.</summary>
    private List<LossDeclaration>? Losses(AttributeReader train, int anchor)
    {
        if (train.HasParameter("loss"))
        {
            if (attributes.Losses.Length > 0)
            {
                errors.Add(new(ErrorIds.LossTwice, new(anchor, "loss"), attributes.Losses[0].String("node") ?? ""));
            }

            return Loss(train, anchor, null) is { } whole ? [whole] : null;
        }

        if (attributes.Losses.Length == 0)
        {
            errors.Add(new(ErrorIds.NoLoss, new(anchor)));
            return null;
        }

        if (train.Has("HuberDelta"))
        {
            DoesNotApply(anchor, "HuberDelta", "a loss in [Train]", "[Loss], which has its own");
        }

        var losses = attributes.Losses.Select((reader, k) => Loss(reader, anchor + 1 + k, reader.String("node") ?? "")).ToList();
        return losses.Contains(null) ? null : losses.OfType<LossDeclaration>().ToList();
    }

    private LossDeclaration? Loss(AttributeReader reader, int anchor, string? node)
    {
        var own = reader.NamesFunction ? reader.String("loss") : null;
        var loss = reader.NamesFunction ? NetGen.Loss.Custom : Enum<Loss>(reader, anchor, "loss");
        if (loss is NetGen.Loss.Custom or NetGen.Loss.WeightedSum && !reader.NamesFunction)
        {
            var example = (loss, node) switch
            {
                (NetGen.Loss.WeightedSum, _) => "a [Loss] for each output and [Train(Optimizer…)]",
                (_, null) => "[Train(nameof(…))]",
                _ => $"[Loss(\"{node}\", nameof(…))]",
            };
            NeedsName(anchor, "loss", $"Loss.{loss}", example);
            return null;
        }

        if (loss is null || (reader.NamesFunction && !functions.Read(own, new(anchor, "loss"), "prediction", "target")))
        {
            return null;
        }

        if (reader.Has("HuberDelta") && loss != NetGen.Loss.Huber)
        {
            DoesNotApply(anchor, "HuberDelta", "Loss.Huber", own is null ? $"Loss.{loss}" : $"the loss {own}");
        }

        return new(node, loss.Value) { HuberDelta = reader.Double("HuberDelta", 1), Own = own, Weight = node is null ? 1 : reader.Double("Weight", 1) };
    }
}
