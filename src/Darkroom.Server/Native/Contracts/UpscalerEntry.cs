using Darkroom.Models.Upscaling;

namespace Darkroom.Server.Native.Contracts;

public sealed record UpscalerList(IReadOnlyList<UpscalerEntry> Data)
{
    public string Object => "list";
}

/// <param name="Id">What requests call it.</param>
/// <param name="Name">The same, as other lists call it.</param>
/// <param name="Title">The name people know.</param>
/// <param name="Kind"><c>onnx</c>: a network.</param>
/// <param name="Scale">Pixels out for each pixel in, on each side; absent until it is known.</param>
/// <param name="Tile">Pixels of a tile's side where a request does not say.</param>
/// <param name="Overlap">Pixels that a tile sees beyond its share where a request does not say.</param>
/// <param name="Bytes">Length of its file.</param>
/// <param name="Reason">Why it cannot be used; absent where it can.</param>
public sealed record UpscalerEntry(
    string Id, string Name, string Title, string Kind, int? Scale, int Tile, int Overlap, long Bytes, string? Licence, string? Notes, string? Reason)
{
    public string Object => "upscaler";

    public IReadOnlyList<string> Aliases => [];

    internal static UpscalerEntry Of(UpscalerDescription one) =>
        new(one.Id, one.Id, one.Title, "onnx", one.Scale, one.Tile, one.Overlap, one.Bytes, one.Licence, one.Notes, one.Fault);
}
