using Darkroom.Client;

namespace Darkroom.Server.Commands.Generate;

/// <summary>How a run ended: a closed set.</summary>
internal abstract record RunEnd
{
    /// <summary>With pictures.</summary>
    public sealed record Made(IReadOnlyList<MadePicture> Pictures, IReadOnlyList<string> Warnings) : RunEnd;

    /// <summary>With a picture that was made again, and compared with the one that was given.</summary>
    public sealed record Verified(string Model, PictureComparison Comparison, IReadOnlyList<string> Warnings) : RunEnd;

    /// <summary>Without; a line for each fault.</summary>
    public sealed record Refused(params IReadOnlyList<string> Lines) : RunEnd;

    private RunEnd()
    {
    }

    /// <summary>The line of a wrong value. A word that is no number is more plainly seen than described.</summary>
    public static string Line(string field, string message, string? limit, string? given) =>
        $"{field}: {message}{(limit is null ? "" : $" ({limit})")}{(given is null ? "" : $" Given: {given}")}";
}

/// <summary>A picture that is to be written.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Seed">Of the picture; without a meaning where it was enlarged.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Format">As files end.</param>
/// <param name="Bytes">The file.</param>
internal sealed record MadePicture(int Index, long Seed, int Width, int Height, string Format, ReadOnlyMemory<byte> Bytes);
