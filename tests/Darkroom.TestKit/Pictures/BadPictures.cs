using System.Text;

namespace Darkroom.TestKit.Pictures;

/// <summary>Every bad upload that has a name.</summary>
public static class BadPictures
{
    public static IReadOnlyList<BadPicture> All(GoodPictures good) => [.. BadPngs.All(), .. BadJpegs.All(good), .. BadWebps.All(good), .. Strangers(good)];

    private static IEnumerable<BadPicture> Strangers(GoodPictures good)
    {
        foreach (var (name, start) in new[]
        {
            ("nothing", ""), ("one byte", "\u0089"), ("GIF", "GIF89a"), ("old GIF", "GIF87a"), ("little-endian TIFF", "II*\0\b\0\0\0"),
            ("big-endian TIFF", "MM\0*\0\0\0\b"), ("BigTIFF", "II+\0\b\0\0\0"),
            ("BMP", "BM\u0036\0\0\0"), ("icon", "\0\0\u0001\0\u0001\0"), ("PSD", "8BPS\0\u0001"), ("HEIC", "\0\0\0\u0018ftypheic"),
            ("AVIF", "\0\0\0\u001Cftypavif"), ("JPEG XL", "\u00FF\n\u00FA"),
            ("JPEG XL in a box", "\0\0\0\fJXL \r\n\u0087\n"), ("JPEG 2000", "\0\0\0\fjP  \r\n\u0087\n"), ("SVG", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
            ("SVG behind XML", "<?xml version='1.0'?><svg/>"),
            ("PDF", "%PDF-1.7\n"), ("PostScript", "%!PS-Adobe-3.0"), ("ZIP", "PK\u0003\u0004"), ("gzip", "\u001F\u008B\b"), ("ELF", "\u007FELF"),
            ("Windows program", "MZ\u0090"), ("HTML", "<!DOCTYPE html><script>"),
            ("JSON", "{\"image\":1}"), ("script", "#!/bin/sh\n"), ("PHP", "<?php system('id');"), ("WAVE", "RIFF\0\0\0\0WAVEfmt "),
            ("AVI", "RIFF\0\0\0\0AVI LIST"), ("half a RIFF", "RIFF\0\0\0\0WEB"), ("MP4", "\0\0\0\u0020ftypisom"),
            ("FITS", "SIMPLE  =                    T"), ("Radiance", "#?RADIANCE\n"), ("OpenEXR", "v/1\u0001"), ("PPM", "P6\n1 1\n255\n"), ("XPM", "/* XPM */"),
            ("MNG", "\u008AMNG\r\n\u001A\n"), ("JNG", "\u008BJNG\r\n\u001A\n"),
            ("libvips image", "\u00B6\u00A6\u00F2\b"), ("base64 of a PNG", "iVBORw0KGgo"), ("data URL", "data:image/png;base64,iVBORw0KGgo"),
            ("ImageMagick script", "push graphic-context\nviewbox 0 0 1 1"),
        })
            yield return new($"{name}", "UnknownFormat", () => [.. Encoding.Latin1.GetBytes(start), .. start.Length < 2 ? [] : new byte[64]]);
        byte[] png = PngBuilder.File(PngBuilder.Header(1, 1, 8, 0), PngBuilder.Chunk("IDAT", PngBuilder.Zlib([0, 0])), PngBuilder.End);
        for (int i = 0; i < 8; i++)
        {
            byte[] bent = [.. png];
            bent[i] ^= 0x20;
            yield return new($"png with byte {i} of its signature wrong", "UnknownFormat", () => bent);
        }
        yield return new("png after a transfer as text", "UnknownFormat", () => [.. png[..4], .. png[5..]]);
        foreach (var (name, file) in new[] { ("png", png), ("jpeg", good.Jpeg), ("webp", good.Webp) })
            foreach (var (what, before) in new (string, byte[])[]
                { ("a byte", [0]), ("a line feed", [10]), ("a byte-order mark", [0xEF, 0xBB, 0xBF]), ("a PDF's head", [.. "%PDF-1.7\n"u8]),
                ("a GIF's head", [.. "GIF89a"u8]), ("a page", [.. "<html>"u8]), ("1000 zeros", new byte[1000]) })
                yield return new($"{name} behind {what}", "UnknownFormat", () => [.. before, .. file]);
    }
}
