using Darkroom.Imaging;
using Darkroom.Imaging.Values;
using Darkroom.Models.Families;

namespace Darkroom.Engine.Stages.Pictures;

/// <summary>
/// img2img of values: of any channels and depth, of which nothing is known but the numbers. They begin and end as the network has them; no step between is of
/// 8 bits or of colours.
/// </summary>
/// <param name="sent">Of the size worked at.</param>
internal sealed class ValuesWork(PictureValues sent) : PictureWork
{
    private PictureValues? painted;

    public override int Width => sent.Width;

    public override int Height => sent.Height;

    /// <summary>The answer; before anything was painted, what was sent.</summary>
    public PictureValues Values => painted ?? sent;

    public override Picture Result => throw NoPicture();

    public override Picture Canvas(int pass) => throw NoPicture();

    public override float[] Input(int pass) => sent.Planes;

    public override void Take(int pass, DecodedPicture decoded) => painted = new(decoded.Width, decoded.Height, decoded.Values);

    public override void Close(int pass, Picture painted) => throw NoPicture();

    private static InvalidOperationException NoPicture() => new("Values are no picture of 8 bits.");
}
