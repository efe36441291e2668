namespace Darkroom.Imaging.Masks;

/// <summary>Which part of a mask's picture is repainted.</summary>
public enum MaskMode
{
    /// <summary>White; where the picture is transparent it counts as black.</summary>
    White,

    /// <summary>Black; where the picture is transparent it counts as white.</summary>
    Black,

    /// <summary>Transparent parts, whatever their colour. A picture without alpha gives an empty mask.</summary>
    Alpha,
}
