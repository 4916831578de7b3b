/**
 * What a shell reads to complete `wsgi-dev`: it asks `wsgi-dev __complete -- WORDS` and gets a line `value TAB description`
 * for each candidate, then one that says what else may stand there: `:files`, `:directories` or `:nothing`. The words are
 * handed on as they were typed; no shell evaluates them.
 */
export const scripts: Readonly<Record<'bash' | 'zsh' | 'fish', string>> = {
  // `=` and `:` part words for bash; here they are joined again, and of a candidate only the rest is given back.
  bash: `# bash completion of wsgi-dev: source <(wsgi-dev completion bash)
_wsgi_dev() {
  local words=() word joins='' i line kind='' current rest
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -n $joins || ( $word == [=:]* && \${#words[@]} -gt 0 ) ]]; then
      words[\${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
    joins=''
    [[ $word == *[=:] && $i -lt $COMP_CWORD ]] && joins=1
  done
  current=\${words[\${#words[@]} - 1]}
  rest=\${current##*[=:]}
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :*) kind=$line ;;
      *)
        line=\${line%%$'\\t'*}
        COMPREPLY+=("\${line:$((\${#current} - \${#rest}))}")
        ;;
    esac
  done < <("\${COMP_WORDS[0]}" __complete -- "\${words[@]}" 2>/dev/null)
  case $kind in
    :files)
      # With nothing else bash finds them by itself, and quotes them.
      if [[ \${#COMPREPLY[@]} -gt 0 ]]; then
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$rest")
        compopt -o filenames 2>/dev/null
      fi
      ;;
    :directories) compopt -o dirnames +o default 2>/dev/null ;;
    :nothing) compopt +o default 2>/dev/null ;;
  esac
}
complete -o default -F _wsgi_dev wsgi-dev`,

  zsh: `#compdef wsgi-dev
# zsh completion of wsgi-dev: source <(wsgi-dev completion zsh), or this as a file _wsgi-dev in a directory of $fpath
_wsgi_dev() {
  local -a lines values
  local line kind
  lines=("\${(@f)$("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  for line in $lines; do
    if [[ $line == :* ]]; then
      kind=$line
    else
      values+=("\${\${line%%$'\\t'*}//:/\\\\:}\${\${line#*$'\\t'}:+:\${line#*$'\\t'}}")
    fi
  done
  (( $#values )) && _describe 'wsgi-dev' values
  case $kind in
    :files) compset -P '--*='; _files ;;
    :directories) compset -P '--*='; _files -/ ;;
  esac
}
if [[ $funcstack[1] == _wsgi_dev ]]; then
  _wsgi_dev
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
  compdef _wsgi_dev wsgi-dev
fi`,

  fish: `# fish completion of wsgi-dev: wsgi-dev completion fish >~/.config/fish/completions/wsgi-dev.fish
function __wsgi_dev_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l option (string match -r '^--[^=]*=' -- "$current")
    set -l value (string replace -r '^--[^=]*=' '' -- "$current")
    for line in ($words[1] __complete -- $words[2..-1] "$current" 2>/dev/null)
        switch $line
            case ':files'
                for path in (__fish_complete_path "$value")
                    echo "$option$path"
                end
            case ':directories'
                for path in (__fish_complete_directories "$value")
                    echo "$option$path"
                end
            case ':*'
            case '*'
                echo $line
        end
    end
end
complete -c wsgi-dev -f -a '(__wsgi_dev_complete)'`,
};
