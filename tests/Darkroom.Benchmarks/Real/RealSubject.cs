namespace Darkroom.Benchmarks.Real;

/// <summary>A model of a published size, and the pictures that are drawn with it.</summary>
/// <param name="Name">As it is asked for: <c>sd15-256</c>.</param>
/// <param name="Kind">Of the checkpoint: <c>sd15</c> or <c>sdxl</c>.</param>
/// <param name="Side">Width and height of the pictures.</param>
internal sealed record RealSubject(string Name, string Kind, int Side)
{
    public static IReadOnlyList<RealSubject> All { get; } = [new("sd15-256", "sd15", 256), new("sd15-512", "sd15", 512), new("sdxl-512", "sdxl", 512)];
}
