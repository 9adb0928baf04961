namespace NetGen;

/// <summary>The types of numbers that a safetensors file holds.</summary>
public enum SafetensorsType
{
    /// <summary>A byte, 0 or 1.</summary>
    Bool,

    /// <summary>An unsigned 8-bit integer.</summary>
    U8,

    /// <summary>A signed 8-bit integer.</summary>
    I8,

    /// <summary>An 8-bit float with 5 bits of exponent and 2 of mantissa.</summary>
    F8E5M2,

    /// <summary>An 8-bit float with 4 bits of exponent and 3 of mantissa.</summary>
    F8E4M3,

    /// <summary>A signed 16-bit integer.</summary>
    I16,

    /// <summary>An unsigned 16-bit integer.</summary>
    U16,

    /// <summary>IEEE's half precision.</summary>
    F16,

    /// <summary>The upper half of a 32-bit float.</summary>
    BF16,

    /// <summary>A signed 32-bit integer.</summary>
    I32,

    /// <summary>An unsigned 32-bit integer.</summary>
    U32,

    /// <summary>IEEE's single precision: <see cref="float"/>.</summary>
    F32,

    /// <summary>IEEE's double precision.</summary>
    F64,

    /// <summary>A signed 64-bit integer.</summary>
    I64,

    /// <summary>An unsigned 64-bit integer.</summary>
    U64,
}

/// <summary>What the format says of its types.</summary>
internal static class SafetensorsTypes
{
    /// <summary>In the order of <see cref="SafetensorsType"/>.</summary>
    private static readonly (string Name, int Size)[] All =
    [
        ("BOOL", 1), ("U8", 1), ("I8", 1), ("F8_E5M2", 1), ("F8_E4M3", 1), ("I16", 2), ("U16", 2), ("F16", 2), ("BF16", 2),
        ("I32", 4), ("U32", 4), ("F32", 4), ("F64", 8), ("I64", 8), ("U64", 8),
    ];

    /// <summary>The name in a file, as in <c>F32</c>.</summary>
    public static string Name(this SafetensorsType type) => All[(int)type].Name;

    /// <summary>The bytes of one number.</summary>
    public static int Size(this SafetensorsType type) => All[(int)type].Size;

    /// <summary>Whether its numbers can be converted to F32.</summary>
    public static bool IsFloat(this SafetensorsType type) =>
        type is SafetensorsType.F32 or SafetensorsType.F16 or SafetensorsType.BF16 or SafetensorsType.F64;

    /// <summary>The type of a name; null where there is none.</summary>
    public static SafetensorsType? Parse(string? name)
    {
        var index = Array.FindIndex(All, type => type.Name == name);
        return index < 0 ? null : (SafetensorsType)index;
    }
}
