using System.Globalization;
using System.Text;
using Darkroom.Imaging;

namespace Darkroom.Server.Commands.Generate.Terminal;

/// <summary>
/// Kitty's graphics protocol (https://sw.kovidgoyal.net/kitty/graphics-protocol/): the PNG file in base64, in pieces of at most 4,096 characters.
/// </summary>
internal sealed class KittyPictures : ITerminalPictures
{
    // Ids are the terminal's, for all that runs in it: one that others do not happen to use.
    private const int Piece = 4096, FirstId = 1_146_220_000;

    public void Draw(StringBuilder to, PicturePlace place, Picture picture, ReadOnlyMemory<byte> file)
    {
        string data = Convert.ToBase64String(file.Span);
        to.Append(CultureInfo.InvariantCulture, $"\e[{place.Column}G");
        for (int at = 0; at < data.Length; at += Piece)
        {
            int more = at + Piece < data.Length ? 1 : 0;
            // T: send and show; f=100: PNG; q=2: no answers, which would stand on the command line; C=1: the cursor stays.
            // What is sent again under an id replaces the picture.
            if (at == 0)
                to.Append(CultureInfo.InvariantCulture,
                    $"\e_Ga=T,f=100,q=2,C=1,i={FirstId + place.Index},p=1,c={place.Columns},r={place.Rows},m={more};");
            else to.Append(CultureInfo.InvariantCulture, $"\e_Gm={more};");
            to.Append(data, at, Math.Min(Piece, data.Length - at)).Append("\e\\");
        }
    }
}
