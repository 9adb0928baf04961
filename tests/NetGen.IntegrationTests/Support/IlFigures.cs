using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace NetGen.IntegrationTests.Support;

/// <summary>What the JIT counts in a method's IL before it decides whether to optimise.</summary>
/// <param name="Bytes">The method's size.</param>
/// <param name="Instructions">Its instructions.</param>
/// <param name="Blocks">Its basic blocks: runs of instructions that branches neither leave nor enter.</param>
/// <param name="Locals">Its local variables.</param>
/// <param name="LocalReferences">The instructions that name a local or an argument.</param>
/// <param name="LoopsBackward">Whether a branch goes back.</param>
internal sealed record IlFigures(int Bytes, int Instructions, int Blocks, int Locals, int LocalReferences, bool LoopsBackward)
{
    private const int TwoByteMarker = 0xFE;

    private static readonly Dictionary<int, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (int)(ushort)code.Value);

    public static IlFigures Of(byte[] il, int locals)
    {
        var (instructions, references, backward) = (0, 0, false);
        var leaders = new HashSet<int> { 0 };
        for (var position = 0; position < il.Length;)
        {
            var start = position;
            var code = OpCodesByValue[il[position] == TwoByteMarker ? (TwoByteMarker << 8) | il[position + 1] : il[position]];
            position += code.Size;
            var operand = il.AsSpan(position);
            var length = OperandLength(code, operand);
            position += length;
            instructions++;
            references += IsLocalReference(code) ? 1 : 0;
            foreach (var target in Targets(code, operand[..length], position))
            {
                leaders.Add(target);
                leaders.Add(position);
                backward |= target <= start;
            }
        }

        return new IlFigures(il.Length, instructions, leaders.Count, locals, references, backward);
    }

    private static int OperandLength(OpCode code, ReadOnlySpan<byte> operand) => code.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * BinaryPrimitives.ReadInt32LittleEndian(operand),
        _ => 4,
    };

    private static bool IsLocalReference(OpCode code) =>
        code.Name is { } name && (name.StartsWith("ldloc", StringComparison.Ordinal) || name.StartsWith("stloc", StringComparison.Ordinal)
            || name.StartsWith("ldarg", StringComparison.Ordinal) || name.StartsWith("starg", StringComparison.Ordinal));

    private static int[] Targets(OpCode code, ReadOnlySpan<byte> operand, int next)
    {
        switch (code.OperandType)
        {
            case OperandType.ShortInlineBrTarget:
                return [next + (sbyte)operand[0]];
            case OperandType.InlineBrTarget:
                return [next + BinaryPrimitives.ReadInt32LittleEndian(operand)];
            case OperandType.InlineSwitch:
                var targets = new int[BinaryPrimitives.ReadInt32LittleEndian(operand)];
                for (var i = 0; i < targets.Length; i++)
                {
                    targets[i] = next + BinaryPrimitives.ReadInt32LittleEndian(operand[(4 + 4 * i)..]);
                }

                return targets;
            default:
                return [];
        }
    }
}
