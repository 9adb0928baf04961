using System;
using System.Globalization;
using System.Text;

namespace NetGen.Compiler.Emit;

/// <summary>Text with indentation, LF at line ends, braces that close themselves. A blank line never follows a brace or another blank line.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _fresh = true;

    /// <summary>Writes a line, or several that are already broken, at the current depth.</summary>
    public void Line(string line)
    {
        foreach (var part in line.Split('\n'))
        {
            if (part.Length > 0)
            {
                _text.Append(' ', 4 * _depth).Append(part);
            }

            _text.Append('\n');
        }

        _fresh = false;
    }

    public void Blank()
    {
        if (!_fresh)
        {
            _text.Append('\n');
            _fresh = true;
        }
    }

    /// <summary>Writes a head and an opening brace; disposing closes it.</summary>
    public Closer Block(string head, string close = "}")
    {
        Line(head);
        return Open(close);
    }

    /// <summary>A scope of its own, without a head.</summary>
    public Closer Block() => Open("}");

    /// <summary>A block where it is wanted; else what would be in it stands by itself.</summary>
    public Closer? BlockIf(bool isWanted, string? head = null) => !isWanted ? null : head is null ? Block() : Block(head);

    private Closer Open(string close)
    {
        Line("{");
        _depth++;
        _fresh = true;
        return new Closer(this, close);
    }

    /// <summary>Writes lines one level deeper, without braces.</summary>
    public Closer Indent()
    {
        _depth++;
        return new Closer(this, null);
    }

    public override string ToString() => _text.ToString();

    /// <summary>A number as C# writes it, whatever the machine's culture.</summary>
    public static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number as C#'s <c>float</c> literal that reads back as the same float.</summary>
    public static string Single(double value)
    {
        var text = ((float)value).ToString("R", CultureInfo.InvariantCulture);
        return text.Replace("E+", "e").Replace("E", "e") + "f";
    }

    /// <summary>The same for people, without the literal's sign.</summary>
    public static string Shortest(double value) => Single(value).TrimEnd('f');

    /// <summary>A number as C#'s <c>double</c> literal that reads back as the same number.</summary>
    public static string Double(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e");
        return text.Contains(".") || text.Contains("e") ? text : text + ".0";
    }

    internal readonly struct Closer(CodeWriter writer, string? close) : IDisposable
    {
        public void Dispose()
        {
            writer._depth--;
            if (close is not null)
            {
                writer.Line(close);
            }
        }
    }
}
