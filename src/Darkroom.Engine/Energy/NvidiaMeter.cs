namespace Darkroom.Engine.Energy;

/// <summary>The energy of one NVIDIA GPU, its memory included (Volta and later).</summary>
internal sealed class NvidiaMeter(NvidiaLibrary library, nint device) : IEnergyMeter
{
    public double? Joules => library.MillijoulesOf(device) / 1e3;

    /// <summary>The meter of a CUDA device; null where the driver does not tell.</summary>
    /// <param name="id">CUDA's number of it.</param>
    public static NvidiaMeter? Open(int id) =>
        NvidiaLibrary.OfMachine is { } library && library.Find(NameOf(id, Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES"))) is { } device
        && library.MillijoulesOf(device) is not null
            ? new(library, device) : null;

    /// <summary>What the driver calls a CUDA device: CUDA counts those that the environment lets it see, in the order in which they stand there.</summary>
    internal static string NameOf(int id, string? visible)
    {
        string[] seen = visible?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        return id < seen.Length ? seen[id] : id.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
