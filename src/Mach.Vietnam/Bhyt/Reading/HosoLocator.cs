namespace Mach.Vietnam.Bhyt.Reading;

/// <summary>
/// Finds where the HOSO elements of an envelope stand while its bytes stream by: the lexical half of XML (tags, quotes, comments, CDATA,
/// instructions), over UTF-8 or UTF-16, so that the offsets are those of the file as received.
/// Whether the envelope is well formed is decided by the reader that consumes the same bytes; on a malformed one the answer here means nothing.
/// </summary>
internal sealed class HosoLocator
{
    private const int MaxDepth = 256;

    private enum State
    {
        Text,
        TagOpen,
        StartName,
        InTag,
        InQuotes,
        EndName,
        Bang,
        Comment,
        CData,
        Instruction,
    }

    private readonly List<(long Offset, int Length)> _found = [];
    private readonly bool[] _isList = new bool[MaxDepth];
    private readonly char[] _name = new char[16];
    private readonly int _maxDossierBytes;
    private readonly bool _wide;
    private readonly bool _bigEndian;
    private State _state;
    private int _nameLength;
    private int _bangLength;
    private char _quote;
    private char _previous;
    private char _beforePrevious;
    private int _depth;
    private long _unitStart;
    private long _tagStart;
    private long _hosoStart = -1;
    private int _hosoDepth;
    private int _pendingByte = -1;

    /// <param name="maxDossierBytes">Greatest size of one element.</param>
    /// <param name="wide">True for UTF-16.</param>
    public HosoLocator(int maxDossierBytes, bool wide, bool bigEndian) => (_maxDossierBytes, _wide, _bigEndian) = (maxDossierBytes, wide, bigEndian);

    public IReadOnlyList<(long Offset, int Length)> Found => _found;

    public bool SawDoctype { get; private set; }

    /// <summary>Takes the next bytes of the file.</summary>
    /// <exception cref="DossierException">A HOSO is larger than allowed, or elements are nested too deep.</exception>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        if (_wide)
        {
            FeedWide(bytes);
        }
        else
        {
            FeedNarrow(bytes);
        }

        if (_hosoStart >= 0 && _unitStart - _hosoStart > _maxDossierBytes)
        {
            throw Refusals.DossierTooLarge(_found.Count + 1, _maxDossierBytes);
        }
    }

    private void FeedNarrow(ReadOnlySpan<byte> bytes)
    {
        var i = 0;
        while (i < bytes.Length)
        {
            if (_state == State.Text)
            {
                // Base64 is one long text: jump over it.
                var jump = bytes[i..].IndexOf((byte)'<');
                if (jump < 0)
                {
                    _unitStart += bytes.Length - i;
                    return;
                }

                i += jump;
                _unitStart += jump;
            }

            Step((char)bytes[i++]);
            _unitStart++;
        }
    }

    private void FeedWide(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            if (_pendingByte < 0)
            {
                _pendingByte = b;
                continue;
            }

            Step(_bigEndian ? (char)((_pendingByte << 8) | b) : (char)((b << 8) | _pendingByte));
            _pendingByte = -1;
            _unitStart += 2;
        }
    }

    private void Step(char c)
    {
        switch (_state)
        {
            case State.Text when c == '<':
                _tagStart = _unitStart;
                _state = State.TagOpen;
                break;
            case State.TagOpen:
                OpenTag(c);
                break;
            case State.StartName:
                StepStartName(c);
                break;
            case State.InTag:
                StepInTag(c);
                break;
            case State.InQuotes when c == _quote:
                _state = State.InTag;
                break;
            case State.EndName when c == '>':
                CloseElement();
                break;
            case State.Bang:
                StepBang(c);
                break;
            case State.Comment when c == '>' && _previous == '-' && _beforePrevious == '-':
            case State.CData when c == '>' && _previous == ']' && _beforePrevious == ']':
            case State.Instruction when c == '>' && _previous == '?':
                _state = State.Text;
                break;
        }

        _beforePrevious = _previous;
        _previous = c;
    }

    private void OpenTag(char c)
    {
        _nameLength = 0;
        _bangLength = 0;
        _state = c switch
        {
            '/' => State.EndName,
            '!' => State.Bang,
            '?' => State.Instruction,
            _ => State.StartName,
        };
        if (_state == State.StartName)
        {
            AddToName(c);
        }
    }

    private void StepStartName(char c)
    {
        if (c is '>' or '/' or ' ' or '\t' or '\r' or '\n')
        {
            _state = State.InTag;
            OpenElement();
            StepInTag(c);
        }
        else if (c == ':')
        {
            _nameLength = 0; // what came before was a prefix
        }
        else
        {
            AddToName(c);
        }
    }

    private void AddToName(char c)
    {
        if (_nameLength < _name.Length)
        {
            _name[_nameLength] = c;
        }

        _nameLength++;
    }

    private void StepInTag(char c)
    {
        switch (c)
        {
            case '"' or '\'':
                _quote = c;
                _state = State.InQuotes;
                break;
            case '>' when _previous == '/':
                CloseElement();
                break;
            case '>':
                _state = State.Text;
                break;
        }
    }

    private void StepBang(char c)
    {
        _bangLength++;
        if (_bangLength == 2 && c == '-' && _previous == '-')
        {
            // The dashes that open a comment do not help to close it.
            (_state, _previous) = (State.Comment, ' ');
        }
        else if (_bangLength == 7 && c == '[')
        {
            _state = State.CData;
        }
        else if (_bangLength == 1 && c is not ('-' or '['))
        {
            SawDoctype = true;
        }
        else if (c == '>' && SawDoctype)
        {
            _state = State.Text;
        }
    }

    private void OpenElement()
    {
        if (_depth + 1 >= MaxDepth)
        {
            throw Refusals.TooDeep();
        }

        var name = _nameLength <= _name.Length ? _name.AsSpan(0, _nameLength) : [];
        _isList[_depth + 1] = name is EnvelopeNames.List;
        if (_hosoStart < 0 && name is EnvelopeNames.Dossier && _isList[_depth])
        {
            _hosoStart = _tagStart;
            _hosoDepth = _depth;
        }

        _depth++;
    }

    private void CloseElement()
    {
        _state = State.Text;
        _depth = Math.Max(_depth - 1, 0);
        if (_hosoStart < 0 || _depth != _hosoDepth)
        {
            return;
        }

        var length = _unitStart + (_wide ? 2 : 1) - _hosoStart;
        if (length > _maxDossierBytes)
        {
            throw Refusals.DossierTooLarge(_found.Count + 1, _maxDossierBytes);
        }

        _found.Add((_hosoStart, (int)length));
        _hosoStart = -1;
    }
}
