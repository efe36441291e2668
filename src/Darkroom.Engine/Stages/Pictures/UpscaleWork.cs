using Darkroom.Imaging;
using Darkroom.Imaging.Metadata;

namespace Darkroom.Engine.Stages.Pictures;

/// <summary>A picture that only goes through an upscaler: as it was sent, alpha and all.</summary>
/// <param name="picture">The pixels.</param>
/// <param name="record">What its file says of how it was made, which stays.</param>
internal sealed class UpscaleWork(Picture picture, PictureRecord record) : PictureWork
{
    public PictureRecord Record { get; } = record;

    public override int Width => picture.Width;

    public override int Height => picture.Height;

    public override Picture Result => picture;

    public override Picture Canvas(int pass) => picture;

    public override void Close(int pass, Picture painted) => throw new InvalidOperationException("Nothing is painted on a picture that is only upscaled.");
}
