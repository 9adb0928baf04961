// What `required` needs and netstandard2.0 lacks.
namespace System.Runtime.CompilerServices;

[AttributeUsage(AttributeTargets.All, AllowMultiple = true)]
internal sealed class CompilerFeatureRequiredAttribute(string featureName) : Attribute
{
    public string FeatureName { get; } = featureName;
}

[AttributeUsage(AttributeTargets.All)]
internal sealed class RequiredMemberAttribute : Attribute;
