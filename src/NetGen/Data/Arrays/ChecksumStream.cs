namespace NetGen;

/// <summary>
/// Reads a stream and computes the CRC-32 (ISO 3309) of what was read, which ZIP archives hold for each entry and .NET's reader does not
/// compare.
/// </summary>
internal sealed class ChecksumStream(Stream stream) : Stream
{
    private static readonly uint[] Remainders = MakeRemainders();

    private uint _register = uint.MaxValue;

    /// <summary>The checksum of all bytes read so far.</summary>
    public uint Checksum => ~_register;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var count = stream.Read(buffer);
        foreach (var next in buffer[..count])
        {
            _register = Remainders[(byte)(_register ^ next)] ^ (_register >> 8);
        }

        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            stream.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>The remainder of each byte by the polynomial, bits reversed.</summary>
    private static uint[] MakeRemainders()
    {
        var remainders = new uint[256];
        for (var i = 0u; i < remainders.Length; i++)
        {
            var remainder = i;
            for (var bit = 0; bit < 8; bit++)
            {
                remainder = (remainder & 1) != 0 ? 0xEDB88320 ^ (remainder >> 1) : remainder >> 1;
            }

            remainders[i] = remainder;
        }

        return remainders;
    }
}
