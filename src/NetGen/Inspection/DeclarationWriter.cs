using System.Collections.ObjectModel;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace NetGen;

/// <summary>
/// A network's attributes as C# again, with other numbers of units. They are read from its class, so that every option that was written is
/// there, and none that was not.
/// </summary>
internal static class DeclarationWriter
{
    /// <summary>A C# file with one class.</summary>
    /// <param name="network">Whose attributes.</param>
    /// <param name="className">The class's name.</param>
    /// <param name="classNamespace">Its namespace; empty for none.</param>
    /// <param name="summary">What its documentation says.</param>
    /// <param name="unitsOf">Of a dense layer's name, its units; null for those it has.</param>
    public static string Write(INetwork network, string className, string classNamespace, string summary, Func<string, int?> unitsOf)
    {
        CheckName(className, nameof(className), className);
        foreach (var part in classNamespace.Length == 0 ? [] : classNamespace.Split('.'))
        {
            CheckName(part, nameof(classNamespace), classNamespace);
        }

        var type = network.GetType();
        var text = new StringBuilder("using NetGen;\n\n");
        if (classNamespace.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"namespace {classNamespace};\n\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"/// <summary>{summary}</summary>\n");
        var nodes = new Queue<NetworkNode>(network.Nodes);
        foreach (var attribute in type.GetCustomAttributesData().Where(IsOurs))
        {
            if (NamesFunction(attribute))
            {
                throw new NotSupportedException($"{type} has a function of its own in [{Name(attribute)}], which a class written from the attributes of {type} would lack.");
            }

            var units = typeof(LayerAttribute).IsAssignableFrom(attribute.AttributeType) && Next(type, nodes, attribute) is DenseNode dense ? unitsOf(dense.Name) : null;
            text.Append(CultureInfo.InvariantCulture, $"[{Attribute(attribute, units)}]\n");
        }

        if (nodes.Count > 0)
        {
            throw Undeclared(type, nodes.Peek());
        }

        return text.Append(CultureInfo.InvariantCulture, $"{(type.IsVisible ? "public" : "internal")} partial class {className};\n").ToString();
    }

    /// <summary>Attributes stand in the order of the source, as nodes do; that they belong together is checked.</summary>
    private static NetworkNode Next(Type type, Queue<NetworkNode> nodes, CustomAttributeData attribute) =>
        nodes.TryDequeue(out var node) && Declares(Name(attribute), node) ? node : throw Undeclared(type, node);

    /// <summary>Some attributes are one kind of node.</summary>
    private static bool Declares(string attribute, NetworkNode node) => node switch
    {
        DenseNode { Bias: false } => attribute is "Dense" or "Linear",
        ConvolutionNode => attribute is "Conv2D" or "Conv1D",
        TransposedConvolutionNode => attribute is "ConvTranspose2D" or "ConvTranspose1D",
        PoolNode { IsMaximum: true } => attribute is "MaxPool2D" or "MaxPool1D",
        PoolNode => attribute is "AvgPool2D" or "AvgPool1D",
        GlobalPoolNode pool => attribute == (pool.IsMaximum ? "GlobalMaxPool" : "GlobalAvgPool"),
        ReshapeNode => attribute is "Flatten" or "Reshape",
        _ => attribute == node.GetType().Name[..^"Node".Length],
    };

    private static InvalidOperationException Undeclared(Type type, NetworkNode? node) =>
        new($"{type} must have an attribute for each of its nodes, in their order, but has none for {node?.ToString() ?? "the last of its attributes"}.");

    private static bool IsOurs(CustomAttributeData attribute) => attribute.AttributeType.Assembly == typeof(NetworkAttribute).Assembly;

    /// <summary>Whether it names a method of the class: an attribute tells the name alone.</summary>
    private static bool NamesFunction(CustomAttributeData attribute) =>
        attribute.NamedArguments.Any(argument => argument.MemberName == nameof(DenseAttribute.Function))
        || attribute.Constructor.GetParameters().Any(parameter => parameter.Name is "function" or "loss" && parameter.ParameterType == typeof(string));

    private static string Name(CustomAttributeData attribute) => attribute.AttributeType.Name[..^nameof(System.Attribute).Length];

    private static string Attribute(CustomAttributeData attribute, int? units)
    {
        var parameters = attribute.Constructor.GetParameters();
        var positional = new List<string>();
        var written = 0;
        for (var i = 0; i < parameters.Length; i++)
        {
            var argument = attribute.ConstructorArguments[i];
            positional.Add(units is not null && parameters[i].Name == "units" ? Number(units.Value) : Value(argument, isWhole: !parameters[i].IsDefined(typeof(ParamArrayAttribute))));

            // The compiler fills in defaults: those behind the last argument that differs were hardly written.
            written = parameters[i].HasDefaultValue && Equals(argument.Value, parameters[i].RawDefaultValue) ? written : i + 1;
        }

        string[] arguments = [.. positional.Take(written), .. attribute.NamedArguments.Select(argument => $"{argument.MemberName} = {Option(argument)}")];
        return Name(attribute) + (arguments.Length == 0 ? "" : $"({string.Join(", ", arguments)})");
    }

    private static string Option(CustomAttributeNamedArgument argument) =>
        argument.MemberName.StartsWith(nameof(Padding), StringComparison.Ordinal) && argument.TypedValue.Value is Padding.Same
            ? $"{nameof(Padding)}.{nameof(Padding.Same)}"
            : Value(argument.TypedValue);

    /// <summary>An argument as C# writes it; the elements of a <c>params</c> array stand by themselves.</summary>
    private static string Value(CustomAttributeTypedArgument argument, bool isWhole = true) => argument.Value switch
    {
        null => "null",
        ReadOnlyCollection<CustomAttributeTypedArgument> elements =>
            isWhole
                ? $"new {TypeName(argument.ArgumentType.GetElementType()!)}[] {{ {string.Join(", ", elements.Select(element => Value(element)))} }}"
                : string.Join(", ", elements.Select(element => Value(element))),
        var value when argument.ArgumentType.IsEnum => $"{argument.ArgumentType.Name}.{Enum.GetName(argument.ArgumentType, value)}",
        string value => Quoted(value),
        bool value => value ? "true" : "false",
        Type value => $"typeof(global::{value.FullName!.Replace('+', '.')})",
        IFormattable value => value.ToString(value is double or float ? "R" : null, CultureInfo.InvariantCulture),
        var value => throw new NotSupportedException($"An attribute's argument of the type {value.GetType()} cannot be written."),
    };

    private static string TypeName(Type type) =>
        type == typeof(string) ? "string" : type == typeof(int) ? "int" : type == typeof(double) ? "double" : "global::" + type.FullName;

    private static string Quoted(string value) => $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static void CheckName(string name, string argument, string whole)
    {
        ArgumentNullException.ThrowIfNull(name, argument);
        if (name.Length == 0 || char.IsAsciiDigit(name[0]) || !name.All(letter => char.IsLetterOrDigit(letter) || letter == '_'))
        {
            throw new ArgumentException($"{argument} must be a name of C#, letters, digits and underscores, but is \"{whole}\".", argument);
        }
    }
}
