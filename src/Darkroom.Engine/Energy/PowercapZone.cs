using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;

namespace Darkroom.Engine.Energy;

/// <summary>One counter of the kernel's power capping framework: microjoules, from 0 again when it reaches its range.</summary>
internal sealed class PowercapZone : IDisposable
{
    private const int MaxDigits = 32;

    private readonly SafeFileHandle file;
    private readonly long range; // microjoules
    private long last, total;

    private PowercapZone(SafeFileHandle file, long range) => (this.file, this.range) = (file, range);

    /// <summary>The zone of a folder; null where it is not there or may not be read.</summary>
    public static PowercapZone? Open(string folder)
    {
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(Path.Combine(folder, "energy_uj"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var range = File.ReadAllBytes(Path.Combine(folder, "max_energy_range_uj"));
            var zone = new PowercapZone(file, Utf8Parser.TryParse(range, out long known, out _) ? known : 0);
            if (zone.Read() is not { } now)
            {
                file.Dispose();
                return null;
            }
            zone.last = now;
            return zone;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            return null;
        }
    }

    /// <summary>Microjoules since it was opened; null: it cannot be read now. It is to be asked more often than the counter goes round: some minutes.</summary>
    public long? Next()
    {
        if (Read() is not { } now) return null;
        // What a counter without a range took when it went round is not known.
        total += now >= last ? now - last : Math.Max(0, range - last + now);
        last = now;
        return total;
    }

    public void Dispose() => file.Dispose();

    private long? Read()
    {
        Span<byte> text = stackalloc byte[MaxDigits];
        try
        {
            int length = RandomAccess.Read(file, text, 0);
            return Utf8Parser.TryParse(text[..length], out long value, out _) ? value : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
