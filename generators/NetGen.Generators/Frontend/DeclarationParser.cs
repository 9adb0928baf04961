using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Frontend;

/// <summary>The front end: a class symbol in, values out.</summary>
internal static class DeclarationParser
{
    /// <summary>Reads a class; null if it is no network of ours.</summary>
    public static ParsedNetwork? Parse(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation)
    {
        var attributes = NetworkAttributes.Read(type, cancellation);
        return attributes.Network is null ? null : Parse(type, attributes, compilation, cancellation);
    }

    public static ParsedNetwork Parse(INamedTypeSymbol type, NetworkAttributes attributes, Compilation compilation, CancellationToken cancellation)
    {
        var trains = attributes.Train is not null;
        var members = new MemberRules(type, attributes);
        var errors = new List<CompilerError>();
        errors.AddRange(ClassRules.Check(type, attributes, compilation, cancellation));
        errors.AddRange(members.Check(cancellation));

        if (attributes.IsBroken)
        {
            return new(Shape(type, members, attributes, classifies: trains, cancellation), null, errors.ToEquatableArray(), Broken: true);
        }

        CheckOrder(attributes, errors);
        if (!trains && attributes.Losses.Length > 0)
        {
            errors.Add(new(ErrorIds.LossWithoutTrain, new(attributes.Inputs.Length + attributes.Layers.Length)));
        }

        var functions = new OwnFunctionReader(type, compilation, errors, cancellation);
        var parser = new AttributeParser(attributes, functions, errors);
        var inputs = parser.Inputs();
        var layers = parser.Layers(inputs);
        var train = parser.Train();
        var classifies = trains && attributes.Losses.Length == 0 && (train is null || LossRules.TakesLabels(train.Losses[0].Loss, layers?.OfType<DenseDeclaration>().LastOrDefault()?.Units ?? 2));
        var shape = Shape(type, members, attributes, classifies, cancellation);
        var declaration = inputs is null || layers is null || trains != (train is not null)
            ? null
            : new NetworkDeclaration(
                shape.Namespace,
                shape.ContainingTypes,
                shape.Name,
                shape.HintName,
                inputs.ToEquatableArray(),
                layers.ToEquatableArray(),
                parser.Outputs(),
                train)
            {
                Functions = functions.All,
            };
        return new(shape, functions.IsBroken ? null : declaration, errors.ToEquatableArray(), Broken: functions.IsBroken);
    }

    private static ClassShape Shape(INamedTypeSymbol type, MemberRules members, NetworkAttributes attributes, bool classifies, CancellationToken cancellation) => new(
        Names.Namespace(type),
        Names.ContainingTypes(type).Select(Names.Header).ToEquatableArray(),
        Names.Header(type),
        Names.Escape(type.Name),
        Names.Hint(type),
        ClassRules.CanBeExtended(type, cancellation),
        members.TakesConstructor || ClassRules.HasPrimaryConstructor(type, cancellation),
        members.Taken,
        attributes.Train is not null,
        classifies,
        attributes.TakesBytes,
        attributes.HasDropout,
        attributes.HasOwnFunctions);

    /// <summary>Samples pass through the layers in the order of the source; over several parts of a class there is none.</summary>
    private static void CheckOrder(NetworkAttributes attributes, List<CompilerError> errors)
    {
        var nodes = attributes.Inputs.Concat(attributes.Layers).ToList();
        for (var i = 1; i < nodes.Count; i++)
        {
            if (nodes[i].Part != nodes[0].Part)
            {
                errors.Add(new(ErrorIds.SpreadOverParts, new(i)));
                return;
            }
        }

        if (attributes.Layers.Length == 0)
        {
            return;
        }

        for (var i = 0; i < attributes.Inputs.Length; i++)
        {
            if (attributes.Inputs[i].Position > attributes.Layers[0].Position)
            {
                errors.Add(new(ErrorIds.InputAfterLayer, new(i)));
            }
        }
    }
}
