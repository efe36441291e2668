using System.Text.Json.Nodes;
using Darkroom.Imaging;
using Darkroom.Imaging.Decoding;
using Darkroom.Imaging.Resize;
using Darkroom.Imaging.Values;
using Darkroom.TestKit;

namespace Darkroom.Benchmarks.Looks;

/// <summary>A picture, and the green of its lower right corner with the contrast of the whole scale: what is left of it with 8 bits, and with 16.</summary>
internal static class CornerPicture
{
    private const int Corner = 16, Panel = 256, Gap = 8;

    public static async Task DrawAsync(string file)
    {
        await using var server = await StartedServer.StartAsync();
        var starter = new StarterPictures(server);
        async Task<PictureValues> ValuesAsync(int bits)
        {
            var answer = await starter.PostAsync("txt2img", new()
            {
                ["prompt"] = "balloon, 3d render, on a light blue background", ["seed"] = 1, ["upscale"] = null, ["format"] = "npy", ["bit_depth"] = bits,
            });
            byte[] array = Convert.FromBase64String((string)answer["images"]![0]!["data"]!);
            return ValuesDecoder.TryDecode(array, PictureLimits.Default, 3, out var values, out var fault) ? values
                : throw new InvalidDataException(fault.Message);
        }
        var (bytes, shorts) = (await ValuesAsync(8), await ValuesAsync(16));
        float[] fine = Green(shorts);
        Picture[] shown =
        [
            new(shorts.Width, shorts.Height, 3, ValueConversion.ToBytes(shorts)), Stretched(Green(bytes), fine.Min(), fine.Max()),
            Stretched(fine, fine.Min(), fine.Max()),
        ];
        var sheet = Picture.Blank(shown.Length * Panel + (shown.Length - 1) * Gap, Panel, 3);
        sheet.Pixels.AsSpan().Fill(byte.MaxValue);
        for (int i = 0; i < shown.Length; i++) sheet.Paste(Resampler.Resize(shown[i], Panel, Panel, ResampleFilter.Nearest), i * (Panel + Gap), 0);
        await File.WriteAllBytesAsync(file, PictureEncoder.Encode(sheet, PictureFormat.Png, 90, null));
        Console.WriteLine($"{Green(bytes).Distinct().Count()} values of 8 bits, {fine.Distinct().Count()} of 16");
    }

    private static float[] Green(PictureValues values) =>
    [
        .. from y in Enumerable.Range(values.Height - Corner, Corner)
           from x in Enumerable.Range(values.Width - Corner, Corner)
           select values.Planes[(values.Height + y) * values.Width + x],
    ];

    private static Picture Stretched(float[] values, float min, float max) => new(Corner, Corner, 3,
        [.. values.SelectMany(value => Enumerable.Repeat((byte)Math.Clamp((value - min) / (max - min) * 255, 0, 255), 3))]);
}
