namespace Darkroom.TestKit.Pictures;

/// <summary>An upload that must be refused.</summary>
/// <param name="Name">Says what is wrong with it.</param>
/// <param name="Kinds">Names of the faults that may be found, by bars: the first one that a reader meets is as good as another.</param>
/// <param name="Make">The file; made when asked for, since some are large.</param>
public sealed record BadPicture(string Name, string Kinds, Func<byte[]> Make);

/// <summary>Good files that bad ones are made from.</summary>
/// <param name="Jpeg">Baseline.</param>
/// <param name="ProgressiveJpeg">With several scans.</param>
/// <param name="Webp">VP8.</param>
/// <param name="LosslessWebp">VP8L.</param>
/// <param name="AlphaWebp">VP8X with ALPH and VP8.</param>
public sealed record GoodPictures(byte[] Jpeg, byte[] ProgressiveJpeg, byte[] Webp, byte[] LosslessWebp, byte[] AlphaWebp);
