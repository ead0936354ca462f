package carry
import ("testing";"fmt";"context";"time";"image";"image/color";"math/rand/v2";"runtime";"image/jpeg";"bytes";"os";"strings")
func noisy(p image.Image, amp float64, seed uint64) *image.Gray {
 r:=rand.New(rand.NewPCG(seed,1)); b:=p.Bounds(); g:=image.NewGray(b)
 for y:=range b.Dy(){ for x:=range b.Dx(){ v,_,_,_:=p.At(x,y).RGBA(); f:=128+ (float64(v>>8)-128)*0.4 + r.NormFloat64()*amp; g.SetGray(x,y,color.Gray{uint8(max(0,min(255,f)))}) } }
 return g
}
func TestZZNoise(t *testing.T){
 text:=requestText(464)
 for _,sc:=range []int{20,24,30}{ for _,amp:=range []float64{30,60,90,120}{
  g:=noisy(pictureOf(t,text,sc),amp,1); gr:=greyOf(g)
  res:=""
  for i,s:=range ladder { seen:=gr; if s.shrunk { if gr.width*gr.height<=maxFirstPixels {res+=" -"; continue}; seen=gr.shrink(maxFirstPixels)}; _,ok:=s.read(context.Background(),seen); res+=fmt.Sprint(" ",i,ok) }
  fmt.Println("noise scale",sc,gr.width,"amp",amp,res)
 }}
}
func TestZZHist(t *testing.T){
 for _,n:=range []int{17,60,200,464}{ for _,sc:=range []int{6,20,40,64}{ 
   text:=byteText(n)
   for name,p:=range map[string]image.Image{"turned":turned(pictureOf(t,text,sc))} {
   gr:=greyOf(p); for i:=range gr.pix { if gr.pix[i]<128 {gr.pix[i]=150} }
   res:=""
   for i,s:=range ladder[1:] { _,ok:=s.read(context.Background(),gr); res+=fmt.Sprint(" ",i+1,ok) }
   fmt.Println(name,n,sc,res) }
 }}
}
func TestZZStripes(t *testing.T){
 for _,d:=range [][2]int{{2000,2000},{4000,3000},{8160,6120}} {
  g:=grey{make([]byte,d[0]*d[1]),d[0],d[1]}
  for i:=range g.pix { x:=i%d[0]%8; if x==1||x==5||x==7 {g.pix[i]=255}; if x>=2&&x<=4 {g.pix[i]=0} }
  start:=time.Now(); text,err:=climb(context.Background(),g); fmt.Println("stripes",d,time.Since(start),text,err)
 }
}
func TestZZBig(t *testing.T){
 text:=requestText(464)
 img:=placed(pictureOf(t,text,20),8100,6100,image.Pt(1200,700),color.Gray{Y:0xb0})
 file:=jpegFile(t,img,85); pf:=pngFile(t,img); img=nil; runtime.GC()
 _=jpeg.Decode; _=bytes.NewReader
 for _,f:=range [][]byte{file,pf}{
  start:=time.Now(); got,err:=ReadPicture(context.Background(),f); fmt.Println("50MP",len(f),time.Since(start),got==text,err)
  s,_:=os.ReadFile("/proc/self/status"); for _,l:=range strings.Split(string(s),"\n"){ if strings.HasPrefix(l,"VmHWM"){fmt.Println(l)} }
 }
}
