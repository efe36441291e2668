using Darkroom.Imaging;
using Darkroom.Imaging.Resize;

namespace Darkroom.Engine.Stages.Pictures;

/// <summary>img2img: the whole picture, fitted to the size worked at, is where denoising begins.</summary>
internal sealed class ImageToImageWork(Picture picture, int width, int height, ResizeMode fit) : PictureWork
{
    private readonly Picture canvas = PictureFit.To(picture, width, height, fit);
    private Picture? painted;

    public override int Width => width;

    public override int Height => height;

    public override Picture Result => painted ?? canvas;

    public override Picture Canvas(int pass) => canvas;

    public override void Close(int pass, Picture painted) => this.painted = painted;
}
